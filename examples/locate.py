"""How well is a lander near the pole known after a day and three, by radio and by one image?

python examples/locate.py
"""

from lupex.study import BudgetAsked, location_budget

asked = BudgetAsked(stations=("misasa", "byalalu32"), methods=("range", "doppler", "image"), days=(1.0, 3.0), each=True)
for row in location_budget(None, (-89.45, 222.69), asked):
    print(f"{row.days:g} d  {row.methods:22s} {row.sigma_horizontal_m:8.1f} m horizontal  {'; '.join(row.unobserved)}")
