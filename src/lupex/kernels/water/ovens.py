"""Readings of several analysers of one sample, the share of ice that reached them summed over."""

import math

from lupex.kernels.compiled import kernel


@kernel
def sample_likelihood(readings, ovens, blank, kept, kept_weight, ice, bound, out):
    """Likelihood of all readings of one sample for every blank and column, the kept share marginalised.

    The analysers saw the same sample, so the sum over the share kept stands outside the product over analysers. A
    reading is wrong altogether with a small probability; it then lies anywhere between 0 and ``wide``.

    Args:
        readings: (oven,) weight per cent.
        ovens: (oven, 8) gain, relative sigma, noise, blank, blank sigma, share of bound water, share of faults, wide.
        blank: (b,) standard scores. kept, kept_weight: (k,). ice, bound: (n,) mass fractions of the columns.
        out: (b, n), overwritten with densities per weight per cent of every oven.
    """
    for b in range(blank.size):
        for n in range(ice.size):
            total = 0.0
            for k in range(kept.size):
                product = kept_weight[k]
                for o in range(readings.size):
                    gain, relative, noise, level, spread, share, fault, wide = ovens[o]
                    signal = 100.0 * (gain * kept[k] * ice[n] + share * bound[n])
                    variance = noise * noise + (relative * signal) ** 2
                    off = readings[o] - signal - level - spread * blank[b]
                    inside = 1.0 / wide if 0.0 <= readings[o] <= wide else 0.0
                    density = math.exp(-0.5 * off * off / variance) / math.sqrt(2.0 * math.pi * variance)
                    product *= (1.0 - fault) * density + fault * inside
                total += product
                if ice[n] == 0.0:  # the share kept of nothing
                    total = product / kept_weight[k]
                    break
            out[b, n] = total
