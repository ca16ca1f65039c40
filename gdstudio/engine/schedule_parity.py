"""How close the schedules come to PyTorch's: written by ``tests/oracles/make_schedule_parity.py``."""

from gdstudio.engine.optimizers.row import Parity

SCHEDULE_PARITIES: dict[str, Parity] = {
    "step": Parity("torch.optim.lr_scheduler.StepLR", "torch 2.13.0", 3e-15),
    "multistep": Parity("torch.optim.lr_scheduler.MultiStepLR", "torch 2.13.0", 0.0),
    "exponential": Parity("torch.optim.lr_scheduler.ExponentialLR", "torch 2.13.0", 3e-15),
    "polynomial": Parity("torch.optim.lr_scheduler.PolynomialLR", "torch 2.13.0", 3e-15),
    "cosine": Parity("torch.optim.lr_scheduler.CosineAnnealingLR", "torch 2.13.0", 2e-13),
    "cosine_restarts": Parity("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts", "torch 2.13.0", 0.0),
    "one_cycle": Parity("torch.optim.lr_scheduler.OneCycleLR", "torch 2.13.0", 0.0),
    "plateau": Parity("torch.optim.lr_scheduler.ReduceLROnPlateau", "torch 2.13.0", 3e-16),
}
