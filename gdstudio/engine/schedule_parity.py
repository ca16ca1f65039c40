"""How close the schedules come to their oracles: written by ``tests/oracles/make_schedule_parity.py``."""

from gdstudio.engine.optimizers.row import Parity

# By schedule; PyTorch's first.
SCHEDULE_PARITIES: dict[str, tuple[Parity, ...]] = {
    "step": (
        Parity("torch.optim.lr_scheduler.StepLR", "torch 2.13.0", 3e-15),
        Parity("keras.optimizers.schedules.ExponentialDecay(staircase=True)", "keras 3.15.1", 0.0),
    ),
    "multistep": (
        Parity("torch.optim.lr_scheduler.MultiStepLR", "torch 2.13.0", 0.0),
        Parity("keras.optimizers.schedules.PiecewiseConstantDecay", "keras 3.15.1", 3e-16),
    ),
    "exponential": (
        Parity("torch.optim.lr_scheduler.ExponentialLR", "torch 2.13.0", 3e-15),
        Parity("keras.optimizers.schedules.ExponentialDecay", "keras 3.15.1", 9e-15),
    ),
    "polynomial": (
        Parity("torch.optim.lr_scheduler.PolynomialLR", "torch 2.13.0", 3e-15),
        Parity("keras.optimizers.schedules.PolynomialDecay", "keras 3.15.1", 0.0),
    ),
    "cosine": (
        Parity("torch.optim.lr_scheduler.CosineAnnealingLR", "torch 2.13.0", 2e-13),
        Parity("keras.optimizers.schedules.CosineDecay", "keras 3.15.1", 7e-15),
    ),
    "cosine_restarts": (
        Parity("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts", "torch 2.13.0", 0.0),
        Parity("keras.optimizers.schedules.CosineDecayRestarts", "keras 3.15.1", 6e-14),
    ),
    "one_cycle": (
        Parity("torch.optim.lr_scheduler.OneCycleLR", "torch 2.13.0", 0.0),
    ),
    "plateau": (
        Parity("torch.optim.lr_scheduler.ReduceLROnPlateau", "torch 2.13.0", 3e-16),
    ),
    "inverse_time": (
        Parity("keras.optimizers.schedules.InverseTimeDecay", "keras 3.15.1", 0.0),
    ),
    "formula": (
        Parity("keras.optimizers.schedules.CosineDecay, with warm-up", "keras 3.15.1", 9e-16),
    ),
}
