/* Stochastic gradient descent on a line, one sample a step, as one would write it in C. Every iterate is recorded and
   tested as ours are; the mean over all samples is evaluated where an epoch ends. Without an order that is `given` the
   samples are shuffled before each epoch. */

#include <math.h>
#include <stdint.h>

struct limits { double tolerance, patience, theta_bound, loss_bound; int stop_at_sign_change; };

/* G. Marsaglia, Xorshift RNGs, 2003, doi:10.18637/jss.v008.i14. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Fisher and Yates; an index by the high half of a product, D. Lemire, 2019, doi:10.1145/3230636. */
static void shuffle(int64_t samples, int64_t *order, uint64_t *state)
{
    for (int64_t k = 0; k < samples; k++)
        order[k] = k;
    for (int64_t k = samples - 1; k > 0; k--) {
        int64_t other = (int64_t)(((next(state) >> 32) * (uint64_t)(k + 1)) >> 32), kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
}

int64_t descend(int64_t count, int64_t samples, const double *x, const double *y, double learning_rate,
                const struct limits *limits, const int64_t *given, int64_t *order, double *theta_out,
                double *batch_loss_out, double *loss_out, double *norm_out, int *cause)
{
    double w = 0.0, b = 0.0, best = INFINITY, since_best = 0.0;
    uint64_t state = 88172645463325252u;
    int64_t place = samples;
    for (int64_t i = 0; i < count; i++) {
        if (place == samples) {
            place = 0;
            if (!given)
                shuffle(samples, order, &state);
        }
        int64_t k = given ? given[i] : order[place];
        place++;
        double rest = w * x[k] + b - y[k];
        batch_loss_out[i] = rest * rest;
        w -= learning_rate * (2.0 * rest * x[k]);
        b -= learning_rate * (2.0 * rest);
        theta_out[2 * i] = w;
        theta_out[2 * i + 1] = b;
        if (place < samples && i + 1 < count && fabs(w) <= limits->theta_bound && fabs(b) <= limits->theta_bound) {
            loss_out[i] = norm_out[i] = NAN;
            since_best += 1.0;
            continue;
        }
        double loss = 0.0, gw = 0.0, gb = 0.0;
        for (int64_t j = 0; j < samples; j++) {
            double error = w * x[j] + b - y[j];
            loss += error * error;
            gw += 2.0 * error * x[j];
            gb += 2.0 * error;
        }
        loss /= (double)samples;
        gw /= (double)samples;
        gb /= (double)samples;
        double norm = sqrt(gw * gw + gb * gb);
        loss_out[i] = loss;
        norm_out[i] = norm;
        since_best = loss < best ? 0.0 : since_best + 1.0;
        best = loss < best ? loss : best;
        if (!(fabs(loss) <= limits->loss_bound && norm < INFINITY && fabs(w) <= limits->theta_bound
              && fabs(b) <= limits->theta_bound))
            *cause = 1;
        else if (limits->tolerance > 0.0 && norm <= limits->tolerance)
            *cause = 2;
        else if (since_best >= limits->patience)
            *cause = 4;
        else
            continue;
        return i + 1;
    }
    *cause = 0;
    return count;
}
