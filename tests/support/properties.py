"""How hypothesis runs here: on a busy machine slowness is no failure, as tests assert behaviour, never times."""

from hypothesis import HealthCheck, settings

settings.register_profile("tocsin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tocsin")
