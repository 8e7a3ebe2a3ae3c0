"""What a queue or the clock starts: thin jobs, the runner that claims them, the schedule."""
