/* Adam on Rosenbrock's function, as one would write it in C: what our machine code is measured against.
   Every iterate is recorded and tested as ours are. */

#include <float.h>
#include <math.h>
#include <stdint.h>

struct limits { double tolerance, patience, theta_bound, loss_bound; int stop_at_sign_change; };

int64_t descend(int64_t count, const double start[2], double learning_rate, double beta1, double beta2, double epsilon,
                const struct limits *limits, double *theta_out, double *loss_out, double *norm_out, int *cause)
{
    double x = start[0], y = start[1];
    double gx = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x), gy = 200.0 * (y - x * x);
    double best = (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x), since_best = 0.0;
    double mx = 0.0, my = 0.0, vx = 0.0, vy = 0.0, power1 = 1.0, power2 = 1.0;

    for (int64_t i = 0; i < count; i++) {
        mx = beta1 * mx + (1.0 - beta1) * gx;
        my = beta1 * my + (1.0 - beta1) * gy;
        vx = beta2 * vx + (1.0 - beta2) * gx * gx;
        vy = beta2 * vy + (1.0 - beta2) * gy * gy;
        /* A subnormal product would make every further step three times as slow. */
        power1 = power1 * beta1 < DBL_MIN ? 0.0 : power1 * beta1;
        power2 = power2 * beta2 < DBL_MIN ? 0.0 : power2 * beta2;
        x -= learning_rate * (mx / (1.0 - power1)) / (sqrt(vx / (1.0 - power2)) + epsilon);
        y -= learning_rate * (my / (1.0 - power1)) / (sqrt(vy / (1.0 - power2)) + epsilon);

        double before = gx, rise = y - x * x, loss = (1.0 - x) * (1.0 - x) + 100.0 * rise * rise;
        gx = -2.0 * (1.0 - x) - 400.0 * x * rise;
        gy = 200.0 * rise;
        double norm = sqrt(gx * gx + gy * gy);
        theta_out[2 * i] = x;
        theta_out[2 * i + 1] = y;
        loss_out[i] = loss;
        norm_out[i] = norm;

        since_best = loss < best ? 0.0 : since_best + 1.0;
        best = loss < best ? loss : best;
        if (!(fabs(loss) <= limits->loss_bound && norm < INFINITY && fabs(x) <= limits->theta_bound
              && fabs(y) <= limits->theta_bound))
            *cause = 1;
        else if (limits->tolerance > 0.0 && norm <= limits->tolerance)
            *cause = 2;
        else if (limits->stop_at_sign_change && ((before < 0.0 && gx > 0.0) || (before > 0.0 && gx < 0.0)))
            *cause = 3;
        else if (since_best >= limits->patience)
            *cause = 4;
        else
            continue;
        return i + 1;
    }
    *cause = 0;
    return count;
}
