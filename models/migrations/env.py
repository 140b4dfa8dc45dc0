"""How alembic runs here: on the connection that it is handed."""

from alembic import context
from sqlmodel import SQLModel

import models  # noqa: F401 - so that the metadata knows every table

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
