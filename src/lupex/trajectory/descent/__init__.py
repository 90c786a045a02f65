"""From the deorbit burn to touchdown: the phases flown, the fuel optimum, dispersions, the ground below."""
