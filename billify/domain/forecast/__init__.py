"""The forecast: what is expected on which day, how sure that is, and why; docs/forecast.md.

`shapes` holds what is handed on and kept, without numpy: the web reads it. What reckons with
numpy (`payments`, `recurring`, `rest`, `paths`, `whole`) runs in workers and on the command line.
"""
