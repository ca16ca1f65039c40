"""How close the table comes to the libraries: written by ``tests/oracles/make_parity_table.py``."""

from gdstudio.engine.optimizers.row import Parity

# By optimizer and convention.
PARITIES: dict[tuple[str, str], Parity] = {
    ("gd", "pytorch"): Parity(
        "torch.optim.SGD", "torch 2.13.0", 6.7e-16, 1.8e-07
    ),
    ("gd", "keras"): Parity(
        "keras.optimizers.SGD", "keras 3.15.1", 6e-16, 2.7e-07, backend="torch 2.13.0"
    ),
    ("momentum", "pytorch"): Parity(
        "torch.optim.SGD", "torch 2.13.0", 5.6e-16, 3e-07
    ),
    ("momentum", "keras"): Parity(
        "keras.optimizers.SGD", "keras 3.15.1", 7.2e-15, 1.2e-06, backend="torch 2.13.0"
    ),
    ("momentum_ema", "author"): Parity(
        "optax.ema(debias=False)", "optax 0.2.8", 4.1e-16, 1.3e-07
    ),
    ("nesterov", "pytorch"): Parity(
        "torch.optim.SGD(nesterov=True)", "torch 2.13.0", 4.2e-16, 2.6e-07
    ),
    ("nesterov", "keras"): Parity(
        "keras.optimizers.SGD(nesterov=True)", "keras 3.15.1", 2.6e-15, 2.1e-06, backend="torch 2.13.0"
    ),
    ("nesterov_lookahead", "author"): Parity(
        "torch.optim.SGD(nesterov=True), seen from theta", "torch 2.13.0", 4.4e-15, 8.4e-07
    ),
    ("asgd", "pytorch"): Parity(
        "torch.optim.ASGD", "torch 2.13.0", 7.3e-16, 2.4e-07
    ),
    ("rprop", "pytorch"): Parity(
        "torch.optim.Rprop", "torch 2.13.0", 0.0, 0.0
    ),
    ("signsgd", "author"): Parity(
        "optax.sign_sgd", "optax 0.2.8", 0.0, 0.0
    ),
    ("signum", "author"): Parity(
        "optax.signum", "optax 0.2.8", 0.0, 0.0
    ),
    ("qhm", "author"): Parity(
        "pytorch_optimizer.QHM", "pytorch-optimizer 4.1.0", 4.4e-15, 9.6e-07
    ),
    ("adagrad", "pytorch"): Parity(
        "torch.optim.Adagrad", "torch 2.13.0", 2.3e-16, 7.7e-08
    ),
    ("adagrad", "keras"): Parity(
        "keras.optimizers.Adagrad", "keras 3.15.1", 1.7e-16, 1.2e-10, backend="torch 2.13.0"
    ),
    ("adadelta", "pytorch"): Parity(
        "torch.optim.Adadelta", "torch 2.13.0", 1e-15, 2.2e-07
    ),
    ("adadelta", "keras"): Parity(
        "keras.optimizers.Adadelta", "keras 3.15.1", 4e-13, 1.2e-07, backend="torch 2.13.0"
    ),
    ("rmsprop", "pytorch"): Parity(
        "torch.optim.RMSprop", "torch 2.13.0", 2e-15, 2.4e-07
    ),
    ("rmsprop", "keras"): Parity(
        "keras.optimizers.RMSprop", "keras 3.15.1", 3.1e-15, 1.1e-07, backend="torch 2.13.0"
    ),
    ("adam", "pytorch"): Parity(
        "torch.optim.Adam", "torch 2.13.0", 7.8e-16, 1.4e-07
    ),
    ("adam", "keras"): Parity(
        "keras.optimizers.Adam", "keras 3.15.1", 9.2e-16, 1.2e-06, backend="torch 2.13.0"
    ),
    ("adamw", "pytorch"): Parity(
        "torch.optim.AdamW", "torch 2.13.0", 7.6e-16, 1.5e-07
    ),
    ("adamw", "keras"): Parity(
        "keras.optimizers.AdamW", "keras 3.15.1", 7.8e-16, 1.1e-06, backend="torch 2.13.0"
    ),
    ("adamax", "pytorch"): Parity(
        "torch.optim.Adamax", "torch 2.13.0", 2.8e-13, 2.3e-07
    ),
    ("adamax", "keras"): Parity(
        "keras.optimizers.Adamax", "keras 3.15.1", 1.4e-12, 1.2e-07, backend="torch 2.13.0"
    ),
    ("nadam", "pytorch"): Parity(
        "torch.optim.NAdam", "torch 2.13.0", 6.9e-15, 1.3e-06
    ),
    ("nadam", "keras"): Parity(
        "keras.optimizers.Nadam", "keras 3.15.1", 6.7e-16, 2.5e-07, backend="torch 2.13.0"
    ),
    ("nadamw", "pytorch"): Parity(
        "torch.optim.NAdam(decoupled_weight_decay=True)", "torch 2.13.0", 8.6e-13, 9.9e-07
    ),
    ("amsgrad", "pytorch"): Parity(
        "torch.optim.Adam(amsgrad=True)", "torch 2.13.0", 6.2e-16, 9.8e-08
    ),
    ("amsgrad", "keras"): Parity(
        "keras.optimizers.Adam(amsgrad=True)", "keras 3.15.1", 9.2e-16, 2.4e-07, backend="torch 2.13.0"
    ),
    ("radam", "pytorch"): Parity(
        "torch.optim.RAdam", "torch 2.13.0", 1.2e-14, 1.8e-07
    ),
    ("adafactor", "pytorch"): Parity(
        "torch.optim.Adafactor", "torch 2.13.0", 1.7e-15, 2.7e-07
    ),
    ("adafactor", "keras"): Parity(
        "keras.optimizers.Adafactor, its means in float64 too", "keras 3.15.1", 1.7e-15, 5.4e-07,
        as_it_comes=5.5e-08, backend="jax 0.10.2", on_torch=1e-07
    ),
    ("ftrl", "keras"): Parity(
        "keras.optimizers.Ftrl", "keras 3.15.1", 7.3e-15, 1.7e-06, backend="torch 2.13.0"
    ),
    ("lamb", "keras"): Parity(
        "keras.optimizers.Lamb", "keras 3.15.1", 1.6e-13, 2.4e-07, backend="torch 2.13.0"
    ),
    ("yogi", "author"): Parity(
        "optax.yogi", "optax 0.2.8", 9.5e-16, 1.2e-07
    ),
    ("qhadam", "author"): Parity(
        "qhoptim.pyt.QHAdam", "qhoptim 1.1.0", 1.6e-15, 1.2e-07
    ),
    ("adabelief", "author"): Parity(
        "adabelief_pytorch.AdaBelief(rectify=False)", "adabelief-pytorch 0.2.1", 9.8e-15, 7.5e-08
    ),
    ("adan", "author"): Parity(
        "pytorch_optimizer.Adan", "pytorch-optimizer 4.1.0", 5.7e-15, 8.4e-07
    ),
    ("lion", "keras"): Parity(
        "keras.optimizers.Lion", "keras 3.15.1", 0.0, 0.0, backend="torch 2.13.0"
    ),
    ("sophia", "author"): Parity(
        "optax.contrib.sophia", "optax 0.2.8", 7.9e-16, 1.2e-07
    ),
    ("prodigy", "author"): Parity(
        "prodigyopt.Prodigy", "prodigyopt 1.1.2", 4e-12, 4.8e-06
    ),
    ("schedule_free_sgd", "author"): Parity(
        "schedulefree.SGDScheduleFree", "schedulefree 1.4.1", 3.1e-15, 8.4e-07
    ),
    ("schedule_free_adamw", "author"): Parity(
        "schedulefree.AdamWScheduleFree", "schedulefree 1.4.1", 3.4e-15, 6e-07
    ),
    ("schedule_free_adamw", "keras"): Parity(
        "keras.optimizers.ScheduleFreeAdamW", "keras 3.15.1", 4.8e-14, 2.1e-06, backend="jax 0.10.2", on_torch=0.31
    ),
    ("lbfgs", "pytorch"): Parity(
        "torch.optim.LBFGS(line_search_fn='strong_wolfe')", "torch 2.13.0", 8.4e-14, compared="steps"
    ),
    ("muon", "pytorch"): Parity(
        "torch.optim.Muon, not in bfloat16; AdamW for vectors", "torch 2.13.0", 1.3e-14, 5.7e-07,
        as_it_comes=0.0044
    ),
    ("muon", "keras"): Parity(
        "keras.optimizers.Muon, its norm in float64 too", "keras 3.15.1", 4.6e-14, 3.7e-06,
        as_it_comes=4.9e-08, backend="jax 0.10.2", on_torch=6.1e-08
    ),
    ("barzilai_borwein", "author"): Parity(
        "numpy, the paper's formula", "numpy 2.4.6", 1.2e-13, compared="steps"
    ),
    ("gd_armijo", "author"): Parity(
        "numpy, the paper's rule", "numpy 2.4.6", 2.2e-14, compared="steps"
    ),
    ("gd_wolfe", "author"): Parity(
        "scipy.optimize.line_search, along gradients", "scipy 1.17.1", 1.1e-11, compared="minima"
    ),
    ("cg_fr", "author"): Parity(
        "scipy.optimize.minimize(method='CG')", "scipy 1.17.1", 1e-12, compared="minima"
    ),
    ("cg_pr", "author"): Parity(
        "scipy.optimize.minimize(method='CG')", "scipy 1.17.1", 1e-12, compared="minima"
    ),
    ("newton", "author"): Parity(
        "numpy.linalg.solve", "numpy 2.4.6", 3e-13, compared="steps"
    ),
    ("trust_newton", "author"): Parity(
        "scipy.optimize.minimize(method='trust-exact')", "scipy 1.17.1", 7.5e-13, compared="minima"
    ),
    ("bfgs", "author"): Parity(
        "scipy.optimize.minimize(method='BFGS')", "scipy 1.17.1", 7.8e-13, compared="minima"
    ),
    ("sign_search", "author"): Parity(
        "scipy.optimize.bisect", "scipy 1.17.1", 6.6e-16, compared="places"
    ),
}
