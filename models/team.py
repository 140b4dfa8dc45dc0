"""Teams: who belongs together, and which projects are theirs."""

from uuid import UUID

from sqlmodel import Field, SQLModel


class Team(SQLModel, table=True):
    """People who share projects."""

    __tablename__ = "team"

    id: UUID = Field(primary_key=True)
    slug: str = Field(unique=True)
    name: str
    lead_id: UUID | None = Field(default=None, foreign_key="developer.id")


class TeamMember(SQLModel, table=True):
    """A developer in a team."""

    __tablename__ = "team_member"

    team_id: UUID = Field(primary_key=True, foreign_key="team.id", ondelete="CASCADE")
    developer_id: UUID = Field(primary_key=True, foreign_key="developer.id", ondelete="CASCADE", index=True)


class TeamProject(SQLModel, table=True):
    """A project of a team."""

    __tablename__ = "team_project"

    team_id: UUID = Field(primary_key=True, foreign_key="team.id", ondelete="CASCADE")
    project_id: UUID = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE", index=True)
