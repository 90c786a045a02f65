"""What stops a given drive: constraints, simulation, replay, risk, havens."""
