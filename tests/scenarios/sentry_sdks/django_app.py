import django
from circumstances import begin, charge
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path
from werkzeug.test import Client


def pay(request, order):
    charge("django")


begin()
settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="none", ALLOWED_HOSTS=["*"])
urlpatterns = [path("pay/<int:order>", pay)]
django.setup()
Client(get_wsgi_application()).post("/pay/7?token=t0p", json={"sku": "SKU-1", "password": "hunter2"})
