"""Avionté, behind Kombo: Kombo's surface, and what Avionté offers beyond it through Kombo's passthrough."""
