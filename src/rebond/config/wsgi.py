"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from rebond.config.database import use_sound_sqlite
from rebond.kernel.collecting import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.config.settings")
use_sound_sqlite()
application = get_wsgi_application()
collect_seldom()
