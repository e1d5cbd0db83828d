"""The portal for a WSGI server: ``granian --interface wsgi wsgi:app``."""

import gc

from app import create_app

app = create_app()
# What a start made lives as long as the process: no later search for garbage looks through it.
gc.freeze()
