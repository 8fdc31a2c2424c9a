"""Who can be answerable: offices, their posts, and the people who come and go in them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.people.access import Access
from doudi.web.sql.select import get_or_none


class Office(models.Model):
    """An organisation. Only its relation tells whether the town may command it or must ask it."""

    class Relation(models.TextChoices):
        OWN = "own", "镇属"
        DISPATCHED = "dispatched", "派驻"
        LINE = "line", "条线部门"
        UTILITY = "utility", "公用企业"
        CONTRACTOR = "contractor", "养护作业单位"
        COMMITTEE = "committee", "村居委会"
        NEIGHBOUR = "neighbour", "邻镇"
        UPSTREAM = "upstream", "上级"

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=16, choices=Relation.choices)
    phone = models.CharField(max_length=30, blank=True)
    powers = models.TextField(blank=True, help_text="依法有权做什么")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A position in an office that can be answerable for a matter; never a person.

    ``role`` is the name that rules use ("chengguan.street"); several posts may share a role, each for its areas.
    ``access`` says what whoever sits here may see and do, within ``areas`` and what lies below (none: the whole town).
    """

    code = models.CharField(primary_key=True, max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=60, db_index=True)
    access = models.CharField(max_length=20, choices=Access.choices, default=Access.NONE)
    areas = models.ManyToManyField(Area, related_name="+", blank=True)
    may_hold = models.BooleanField(default=False)
    heads_office = models.BooleanField(default=False)
    silence_counts = models.BooleanField(default=False, help_text="到期未接视为已接(仅限镇属岗位)")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts; Django asks for this class by its contract."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get(self, *args: Any, **lookups: object) -> Person:
        """The rows of ``get``; a look-up by key alone, which every page makes, goes past the query machinery."""
        if args or lookups.keys() != {"pk"}:
            return super().get(*args, **lookups)
        found = get_or_none(self.model, id=lookups["pk"])
        if found is None:
            raise self.model.DoesNotExist
        return found


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do comes from the posts they hold today, not from the account."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    large_text = models.BooleanField(default=False)
    single_keys = models.BooleanField(default=True, help_text="whether a key alone acts, without Ctrl or Alt")

    USERNAME_FIELD = "username"
    objects = PersonManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A person holds a post from ``since`` until the day before ``until``; ``acting`` stands in for an absence."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    acting = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post"], condition=models.Q(until__isnull=True), name="one_open_appointment"
            )
        ]
