/* Element-wise optimizers on Rosenbrock's function, as one would write them in C: what our machine code is measured
   against. Every iterate is recorded and tested as ours are. `numbers` are the hyperparameters in the order of the
   table of optimizers, switches left out. */

#include <float.h>
#include <math.h>
#include <stdint.h>

struct limits { double tolerance, patience, theta_bound, loss_bound; int stop_at_sign_change; };

#define SIGN(value) ((value) > 0.0 ? 1.0 : (value) < 0.0 ? -1.0 : (value))

#define DESCENT(NAME, FIRST, BEFORE, UPDATE_X, UPDATE_Y)                                                             \
int64_t NAME(int64_t count, const double start[2], const double *numbers, const struct limits *limits,               \
             double *theta_out, double *loss_out, double *norm_out, int *cause)                                      \
{                                                                                                                    \
    double x = start[0], y = start[1];                                                                               \
    double gx = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x), gy = 200.0 * (y - x * x);                                 \
    double best = (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x), since_best = 0.0;                       \
    FIRST                                                                                                            \
    for (int64_t i = 0; i < count; i++) {                                                                            \
        BEFORE                                                                                                       \
        UPDATE_X                                                                                                     \
        UPDATE_Y                                                                                                     \
        double before = gx, rise = y - x * x, loss = (1.0 - x) * (1.0 - x) + 100.0 * rise * rise;                    \
        gx = -2.0 * (1.0 - x) - 400.0 * x * rise;                                                                    \
        gy = 200.0 * rise;                                                                                           \
        double norm = sqrt(gx * gx + gy * gy);                                                                       \
        theta_out[2 * i] = x;                                                                                        \
        theta_out[2 * i + 1] = y;                                                                                    \
        loss_out[i] = loss;                                                                                          \
        norm_out[i] = norm;                                                                                          \
        since_best = loss < best ? 0.0 : since_best + 1.0;                                                           \
        best = loss < best ? loss : best;                                                                            \
        if (!(fabs(loss) <= limits->loss_bound && norm < INFINITY && fabs(x) <= limits->theta_bound                  \
              && fabs(y) <= limits->theta_bound))                                                                    \
            *cause = 1;                                                                                              \
        else if (limits->tolerance > 0.0 && norm <= limits->tolerance)                                               \
            *cause = 2;                                                                                              \
        else if (limits->stop_at_sign_change && ((before < 0.0 && gx > 0.0) || (before > 0.0 && gx < 0.0)))          \
            *cause = 3;                                                                                              \
        else if (since_best >= limits->patience)                                                                     \
            *cause = 4;                                                                                              \
        else                                                                                                         \
            continue;                                                                                                \
        return i + 1;                                                                                                \
    }                                                                                                                \
    *cause = 0;                                                                                                      \
    return count;                                                                                                    \
}

#define NUMBER(name, place) const double name = numbers[place];
#define STATE(name) double name##x = 0.0; double name##y = 0.0;

#define GD(theta, g) theta -= learning_rate * g;
DESCENT(gd, NUMBER(learning_rate, 0), , GD(x, gx), GD(y, gy))

/* A subnormal product would make every further step three times as slow. */
#define ADAM(theta, g, m, v)                                                                                         \
    m = beta1 * m + (1.0 - beta1) * g;                                                                               \
    v = beta2 * v + (1.0 - beta2) * (g * g);                                                                         \
    theta -= learning_rate * (m / (1.0 - power1)) / (sqrt(v / (1.0 - power2)) + epsilon);
DESCENT(adam,
        NUMBER(learning_rate, 0) NUMBER(beta1, 1) NUMBER(beta2, 2) NUMBER(epsilon, 3)
        STATE(m) STATE(v) double power1 = 1.0; double power2 = 1.0;,
        power1 = power1 * beta1 < DBL_MIN ? 0.0 : power1 * beta1;
        power2 = power2 * beta2 < DBL_MIN ? 0.0 : power2 * beta2;,
        ADAM(x, gx, mx, vx), ADAM(y, gy, my, vy))

#define RMSPROP(theta, g, s, v)                                                                                      \
    s = rho * s + (1.0 - rho) * (g * g);                                                                             \
    v = momentum * v + g / (sqrt(s) + epsilon);                                                                      \
    theta -= learning_rate * v;
DESCENT(rmsprop,
        NUMBER(learning_rate, 0) NUMBER(rho, 1) NUMBER(epsilon, 2) NUMBER(momentum, 3) STATE(s) STATE(v), ,
        RMSPROP(x, gx, sx, vx), RMSPROP(y, gy, sy, vy))

#define ADAGRAD(theta, g, s)                                                                                         \
    s = s + g * g;                                                                                                   \
    theta -= rate * g / (sqrt(s) + epsilon);
DESCENT(adagrad,
        NUMBER(learning_rate, 0) NUMBER(decay, 1) NUMBER(epsilon, 3) STATE(s) double t = 0.0; sx = sy = numbers[2];,
        t += 1.0; double rate = learning_rate / (1.0 + (t - 1.0) * decay);,
        ADAGRAD(x, gx, sx), ADAGRAD(y, gy, sy))

#define LION(theta, g, m)                                                                                            \
    theta -= learning_rate * SIGN(beta1 * m + (1.0 - beta1) * g);                                                    \
    m = beta2 * m + (1.0 - beta2) * g;
DESCENT(lion,
        NUMBER(learning_rate, 0) NUMBER(beta1, 1) NUMBER(beta2, 2) STATE(m), ,
        LION(x, gx, mx), LION(y, gy, my))
