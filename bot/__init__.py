"""The front door: who comes in, who answers. Surfaces draw and collect; the desk routes; no feature by name."""
