"""Commands on their way: flight rules, stacks of timed and guarded commands, and what became of each."""
