"""The register of bodies: every county's and organisation's, their codes, the way up, and what a wrong file is told."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from normalizer.gazetteer import COUNTIES
from normalizer.place import organisation_of
from tests.support.broken import broken
from ticketing.body_register import BODY_CODE, body_register, load_body_register
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.profiles import problem_of_body
from ticketing.roles import ROLES, Role
from ticketing.wrong_key import WrongKey

REGISTER = body_register()
OFFICER = Role(sees="sent_to_body", body=True)
OF_A_COUNTY = ("union", "chamber", "county_commission")


def test_every_county_has_one_body_of_each_kind_of_its_own() -> None:
    for county in COUNTIES:
        bodies = [REGISTER.body_for(kind, county.province, county.name) for kind in OF_A_COUNTY]
        assert [(body.kind, body.county, body.organisation) for body in bodies if body] == [
            (kind, county.name, organisation_of(county.province, county.name)) for kind in OF_A_COUNTY
        ]
    commissions = [body.organisation for body in REGISTER if body.kind == "provincial_commission"]
    assert sorted([*commissions, NATIONAL]) == sorted(ORGANISATIONS)
    assert len(REGISTER) == 3 * len(COUNTIES) + 32 + 1


def test_every_body_has_a_code_and_a_name_of_its_own_and_a_way_up_to_the_secretariat() -> None:
    assert len({body.title["fa"] for body in REGISTER}) == len({body.title["en"] for body in REGISTER}) == len(REGISTER)
    for body in REGISTER:
        assert BODY_CODE.fullmatch(body.code)
        assert REGISTER.body(body.code) is body
        way = [body]
        while above := REGISTER.superior_of(way[-1].code):
            assert above.organisation in (way[-1].organisation, NATIONAL)
            assert above.county in (way[-1].county, None)
            way.append(above)
        assert len(way) <= 5
        assert way[-1].code == "secretariat"


@pytest.mark.parametrize(
    ("kind", "province", "county", "code", "title"),
    [
        ("chamber", "02", "ساري", "02-07-chamber", "اتاق اصناف شهرستان ساری"),
        ("union", "01", "خمام", "01-khomam-union", "اتحادیه‌های صنفی شهرستان خمام"),
        ("county_commission", "08", "جیرفت", "08s-03-county_commission", "کمیسیون نظارت شهرستان جیرفت"),
        ("provincial_commission", "08", "جیرفت", "08s-provincial_commission", "کمیسیون نظارت مرکز جنوب کرمان"),
        ("provincial_commission", "08", None, "08-provincial_commission", "کمیسیون نظارت مرکز استان کرمان"),
        ("secretariat", None, None, "secretariat", "دبیرخانه هیئت عالی نظارت"),
    ],
)
def test_a_place_has_its_body(kind: str, province: str | None, county: str | None, code: str, title: str) -> None:
    body = REGISTER.body_for(kind, province, county)
    assert body is not None
    assert (body.code, body.title["fa"]) == (code, title)


@pytest.mark.parametrize(
    ("kind", "province", "county"),
    [
        ("chamber", "02", None),
        ("chamber", "02", "جیرفت"),
        ("provincial_commission", None, None),
        ("office", "02", "ساری"),
    ],
)
def test_a_place_known_too_little_has_none(kind: str, province: str | None, county: str | None) -> None:
    assert REGISTER.body_for(kind, province, county) is None


def test_answers_of_chambers_and_county_commissions_are_verified_above() -> None:
    verified = {body.kind for body in REGISTER if REGISTER.verified_above(body.code)}
    assert verified == {"chamber", "county_commission"}
    assert not REGISTER.verified_above("asnaf-thr")
    assert REGISTER.superior_of("asnaf-thr") is None


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('code = "chamber"', 'code = "union"', "kinds.0.code"),
        ('answered_by = "chamber"', 'answered_by = "bazaar"', "kinds.0.answered_by"),
        ('answered_by = "county_commission"', 'answered_by = "union"', "kinds.1.answered_by"),
        ('level = "province"', 'level = "city"', "kinds.3.level"),
        (
            'level = "nation"\nverified_above = false',
            'level = "nation"\nverified_above = true',
            "kinds.4.verified_above",
        ),
        ("اتاق اصناف {place}", "اتاق اصناف", "kinds.1.name.fa"),
        ('en = "{name} County"', 'en = "{county} County"', "places.county.en"),
    ],
)
def test_the_first_wrong_key_of_the_file_is_named(old: str, new: str, key: str, tmp_path: Path) -> None:
    source = files("ticketing.procedures").joinpath("bodies.toml").read_text(encoding="utf-8")
    with pytest.raises(WrongKey) as wrong:
        load_body_register(broken(source, old, new, tmp_path / "bodies.toml"))
    assert (wrong.value.key, wrong.value.file) == (key, "bodies.toml")


@pytest.mark.parametrize(
    ("role", "organisation", "body", "problem"),
    [
        (OFFICER, "02", "02-07-chamber", None),
        (OFFICER, "08S", "08s-03-chamber", None),
        (OFFICER, "08", "08s-03-chamber", "other_organisation"),
        (OFFICER, "", "secretariat", None),
        (OFFICER, "02", None, "required"),
        (OFFICER, "02", "asnaf-thr", "unknown_body"),
        (ROLES["self_regulator"], "23", "asnaf-thr", None),
        (ROLES["self_regulator"], "02", "02-07-union", None),
        (ROLES["self_regulator"], "23", None, None),
        (ROLES["evaluator"], "02", "02-07-union", "not_allowed"),
        (None, "02", "02-07-union", "not_allowed"),
    ],
)
def test_an_account_works_for_a_body_of_its_organisation(
    role: Role | None, organisation: str, body: str | None, problem: str | None
) -> None:
    assert problem_of_body(role, organisation, body) == problem
