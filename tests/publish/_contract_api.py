"""The contract server's API: projects, what they say of themselves, who may see them, DOIs, registrations."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.publish._contract_parts import ACCOUNT, ME, Asked, error

if TYPE_CHECKING:
    from tests.publish.contract_server import Contract

LICENCES = {  # name -> does it ask for a year
    "No license": True, "CC0 1.0 Universal": False, "CC-By Attribution 4.0 International": False,
    "MIT License": True, "Apache License 2.0": False, 'BSD 2-Clause "Simplified" License': True,
}  # fmt: skip
CATEGORIES = (
    "analysis", "communication", "data", "hypothesis", "instrumentation", "methods and measures", "procedure",
    "project", "software", "other",
)  # fmt: skip
KINDS = ("Dataset", "Report", "Software", "Text", "Other")
LANGUAGES = ("eng", "deu", "fra")
FUNDER_FIELDS = (
    "funder_name", "funder_identifier", "funder_identifier_type", "award_number", "award_uri", "award_title",
)  # fmt: skip
SUBJECTS = {"sub1": "Psychology", "sub2": "Cognitive Psychology", "sub3": "Computer Sciences"}
SCHEMAS = {  # id -> name, version, keys of questions with whether they must be answered
    "sch1": ("Open-Ended Registration", 2, {"summary": True}),
    "sch2": ("Open-Ended Registration", 3, {"summary": True, "uploader": False}),
    "sch3": ("OSF Preregistration", 3, {"q1": True, "q2": True, "q3": False}),
}
OPEN = ("licenses/", "subjects/", "schemas/")  # what anybody may read
HOURLY, BURST, LISTS = 100, 10, 3  # of strangers: requests an hour and a second, lists of files a second


class Api:
    """Answers below /v2/; its state is the server's."""

    def __init__(self, server: Contract) -> None:
        self.server = server

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.who == "stranger":
            refused = self._refused_to_strangers(asked)
            if refused:
                return refused
        elif asked.method != "GET" and asked.who == "reader":
            return error(403, "The user has not authorized access to this view.")
        for pattern, method, allowed in ROUTES:
            found = re.fullmatch(pattern, asked.path)
            if found:
                if asked.method not in allowed.split():
                    return error(405, f'Method "{asked.method}" not allowed.')
                status, content = getattr(self, method)(asked, *found.groups())
                anonymous = asked.who == "stranger" and self._link(asked.key).get("anonymous", False)
                if anonymous and status == 200:
                    content["meta"] = content.get("meta", {}) | {"anonymous": True}
                return status, content
        return error(404, "Not found.")

    # --- strangers

    def _refused_to_strangers(self, asked: Asked) -> tuple[int, Any] | None:
        throttled = self._throttled(asked)
        if throttled:
            return throttled
        if asked.path.startswith(OPEN):
            return None
        found = re.match(r"(?:nodes|custom_item_metadata_records)/(\w+)/", asked.path)
        if not found or not self.server.shows(found[1], asked.key):
            return error(401, "Authentication credentials were not provided.")
        if asked.method != "GET":
            return error(403, "You do not have permission to perform this action.")
        return None

    def _throttled(self, asked: Asked) -> tuple[int, Any] | None:
        now, times = time.monotonic(), self.server.stranger_times
        times.append((now, "/files/" in asked.path))
        second = [is_list for when, is_list in times if now - when < 1]
        hour = [when for when, _ in times if now - when < 3600]
        if len(hour) > self.server.hourly:
            return self._wait(3600)
        if len(second) > BURST or sum(second) > LISTS:
            return self._wait(1)
        return None

    def _wait(self, seconds: int) -> tuple[int, Any]:
        return error(429, f"Request was throttled. Expected available in {seconds} second.")

    def _link(self, key: str) -> dict[str, Any]:
        return next((each for each in self.server.links.values() if key and each["key"] == key), {})

    # --- lists that are the same for everybody

    def me(self, asked: Asked) -> tuple[int, Any]:
        return 200, {"data": {"id": ME, "type": "users", "attributes": ACCOUNT}}

    def licenses(self, asked: Asked) -> tuple[int, Any]:
        return self._page(asked, [
            {"id": f"lic{i:02d}", "type": "licenses", "attributes": {"name": name}}
            for i, name in enumerate(LICENCES)
        ])  # fmt: skip

    def subjects(self, asked: Asked) -> tuple[int, Any]:
        wanted = asked.query.get("filter[text]", "").lower()
        return self._page(asked, [
            {"id": id_, "type": "subjects", "attributes": {"text": text}}
            for id_, text in SUBJECTS.items() if wanted in text.lower()
        ])  # fmt: skip

    def schemas(self, asked: Asked) -> tuple[int, Any]:
        return self._page(asked, [
            {"id": id_, "type": "registration-schemas", "attributes": {"name": name, "schema_version": number}}
            for id_, (name, number, _) in SCHEMAS.items()
        ])  # fmt: skip

    def schema_blocks(self, asked: Asked, schema: str) -> tuple[int, Any]:
        if schema not in SCHEMAS:
            return error(404, "Not found.")
        questions = {None: False, **SCHEMAS[schema][2]}  # a heading asks nothing
        return self._page(asked, [
            {"id": f"{schema}-{i}", "type": "schema-blocks",
             "attributes": {"registration_response_key": key, "required": needed}}
            for i, (key, needed) in enumerate(questions.items())
        ])  # fmt: skip

    def _page(self, asked: Asked, entries: list[Any]) -> tuple[int, Any]:
        try:
            size = min(int(asked.query.get("page[size]", 10)), 100, self.server.clamp)
            page = int(asked.query.get("page", 1))
        except ValueError:
            return error(404, "Invalid page.")
        if size < 1 or page < 1 or (page > 1 and (page - 1) * size >= len(entries)):
            return error(404, "Invalid page.")
        query = asked.query | {"page": str(page + 1), "page[size]": str(size)}
        following = f"{self.server.api}{asked.path}?{urlencode(query)}"
        return 200, {
            "data": entries[(page - 1) * size : page * size],
            "links": {"next": following if page * size < len(entries) else None},
            "meta": {"total": len(entries), "per_page": size, "version": "2.20"},
        }

    # --- projects

    def nodes(self, asked: Asked) -> tuple[int, Any]:
        return self._create(asked, "")

    def children(self, asked: Asked, node: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        if asked.method == "POST":
            return self._create(asked, node)
        shown = [
            self.server.nodes[each]
            for each, parent in self.server.parents.items()
            if parent == node and each not in self.server.deleted
        ]
        if asked.who == "stranger":
            shown = [each for each in shown if self.server.shows(each["id"], asked.key)]
        return self._page(asked, shown)

    def _create(self, asked: Asked, parent: str) -> tuple[int, Any]:
        if not asked.data:
            return error(400, "Request must include /data.", "/data")
        if asked.data.get("type") != "nodes":
            return error(409, "This resource has a type of 'nodes'.", "/data/type")
        for name in ("title", "category"):
            if not asked.attributes.get(name):
                return error(400, "This field is required.", f"/data/attributes/{name}")
        wrong = _wrong(asked.attributes)
        if wrong:
            return wrong
        node = f"n{next(self.server.numbers):04d}"
        known = {"title": "", "description": "", "category": "", "public": False, "tags": []}
        kept = {name: value for name, value in asked.attributes.items() if name in known}
        files = f"{self.server.api}nodes/{node}/files/"
        self.server.nodes[node] = {
            "id": node,
            "type": "nodes",
            "attributes": known | kept | {"tags": sorted(kept.get("tags", []))} | DATES,
            "relationships": {"files": {"links": {"related": {"href": files}}}},
            "links": {"html": f"{self.server.url}/{node}/", "self": f"{self.server.api}nodes/{node}/"},
        }
        self.server.parents[node] = parent
        return 201, {"data": self.server.nodes[node]}

    def node(self, asked: Asked, node: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        if asked.method == "PATCH":
            return self._patch(asked, node)
        if asked.method == "DELETE":
            if any(
                parent == node and each not in self.server.deleted
                for each, parent in self.server.parents.items()
            ):
                return error(400, "Any child components must be deleted prior to deleting this project.")
            self.server.deleted.add(node)
            return 204, b""
        return 200, {"data": self.server.nodes[node]}

    def guid(self, asked: Asked, node: str) -> tuple[int, Any]:
        return self._gone(node) or (200, {"data": {"id": node, "type": "nodes"}})

    def _gone(self, node: str) -> tuple[int, Any] | None:
        if node in self.server.deleted:
            return error(410, "The requested node is no longer available.")
        return None if node in self.server.nodes else error(404, "Not found.")

    def _patch(self, asked: Asked, node: str) -> tuple[int, Any]:
        if not asked.data:
            return error(400, "Request must include /data.", "/data")
        if "id" not in asked.data:
            return error(400, "This field may not be null.", "/data/id")
        if asked.data["id"] != node or asked.data.get("type") != "nodes":
            return error(409, "The id or type does not match.")
        wrong = _wrong(asked.attributes)
        if wrong:
            return wrong
        licence = asked.related("license")
        if licence:
            number = licence.removeprefix("lic")
            if not number.isdecimal() or int(number) >= len(LICENCES):
                return error(404, "Unable to find specified license.")
            needed = LICENCES[[*LICENCES][int(number)]]
            if needed and not (asked.attributes.get("node_license") or {}).get("year"):
                return error(400, "year must be specified for this license", "/data/attributes/node_license")
        there = self.server.nodes[node]
        there["attributes"] |= {
            name: value for name, value in asked.attributes.items() if name in self.server.keeps
        }
        there["attributes"]["tags"] = sorted(there["attributes"]["tags"])
        if licence:
            there["relationships"]["license"] = {"data": {"type": "licenses", "id": licence}}
        return 200, {"data": there}

    def storage(self, asked: Asked, node: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        pending = self.server.pending.setdefault(node, self.server.slow_storage)
        self.server.pending[node] = pending - 1
        used = self.server.usage.get(node, 0)
        limit = 50 * 10**9 if self.server.nodes[node]["attributes"]["public"] else 5 * 10**9
        kind = "PUBLIC" if limit > 5 * 10**9 else "PRIVATE"
        status = "DEFAULT" if used < 0.9 * limit else f"{'OVER' if used >= limit else 'APPROACHING'}_{kind}"
        said = {"storage_limit_status": "NOT_CALCULATED" if pending > 0 else status}
        if pending <= 0:
            said["storage_usage"] = str(used)
        return 202 if pending > 0 else 200, {"data": {"id": node, "type": "node-storage", "attributes": said}}

    # --- what strangers may look at

    def contributors(self, asked: Asked, node: str) -> tuple[int, Any]:
        hidden = asked.who == "stranger" and self._link(asked.key).get("anonymous")
        users = {} if hidden else {"users": {"data": {"id": ME, "attributes": ACCOUNT}}}
        said = {"id": "" if hidden else f"{node}-{ME}", "type": "contributors", "attributes": {}}
        return self._gone(node) or self._page(asked, [said | {"embeds": users}])

    def logs(self, asked: Asked, node: str) -> tuple[int, Any]:
        hidden = asked.who == "stranger" and self._link(asked.key).get("anonymous")
        said = {"id": "log1", "type": "logs", "attributes": {"action": "project_created"}}
        return self._gone(node) or self._page(asked, [said | ({} if hidden else {"user": ME})])

    def citation(self, asked: Asked, node: str) -> tuple[int, Any]:
        hidden = asked.who == "stranger" and self._link(asked.key).get("anonymous")
        author = [] if hidden else [ACCOUNT]
        said = {"id": node, "type": "node-citation", "attributes": {"author": author}}
        return self._gone(node) or (200, {"data": said})

    def wikis(self, asked: Asked, node: str) -> tuple[int, Any]:
        found = [
            {"id": f"wiki-{node}-{name}", "type": "wikis", "attributes": {"name": name}}
            for name in self.server.wikis.get(node, {})
        ]
        return self._gone(node) or self._page(asked, found)

    # --- DOIs and what they say

    def identifiers(self, asked: Asked, node: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        there = self.server.dois.get(node)
        if asked.method == "GET":
            return self._page(asked, [_identifier(there)] if there else [])
        if not asked.data:
            return error(400, "Request must include /data.", "/data")
        if asked.attributes.get("category") != "doi":
            return error(400, "You can only create a DOI at this time.", "/data/attributes/category")
        if not self.server.nodes[node]["attributes"]["public"]:
            return error(403, "You do not have permission to perform this action.")
        if there:
            return error(400, "A DOI already exists for this resource.")
        self.server.dois[node] = f"10.17605/OSF.IO/{node.upper()}"
        self.server.minted[node] = dict(self.server.items.get(node, {}))
        return 201, {"data": _identifier(self.server.dois[node])}

    def item_metadata(self, asked: Asked, node: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        there = self.server.items.setdefault(
            node, {"language": "", "resource_type_general": "", "funders": []}
        )
        if asked.method == "PATCH":
            said = asked.attributes
            if not asked.data:
                return error(400, "Request must include /data.", "/data")
            if said.get("resource_type_general", "Other") not in ("", *KINDS):
                return error(400, "Not a valid choice.", "/data/attributes/resource_type_general")
            if said.get("language", "eng") not in ("", *LANGUAGES):
                return error(400, "Not a valid choice.", "/data/attributes/language")
            funders = said.get("funders", [])
            if not isinstance(funders, list) or not all(
                isinstance(each, dict) and each.get("funder_name") for each in funders
            ):
                return error(400, "This field is required.", "/data/attributes/funders")
            kept = {name: value for name, value in said.items() if name in self.server.keeps_item}
            if "funders" in kept:
                kept["funders"] = [{name: each.get(name, "") for name in FUNDER_FIELDS} for each in funders]
            there |= kept
        shown = {name: value for name, value in there.items() if asked.who != "stranger" or name != "funders"}
        return 200, {"data": {"id": node, "type": "custom-item-metadata-records", "attributes": shown}}

    # --- links for reviewers

    def view_only_links(self, asked: Asked, node: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        if asked.method == "GET":
            found = [each for each in self.server.links.values() if each["made_of"] == node]
            return self._page(asked, [_shown_link(each) for each in found])
        if not asked.data:
            return error(400, "Request must include /data.", "/data")
        number = next(self.server.numbers)
        made = {
            "id": f"vol{number:04d}",
            "key": f"{number:032x}",
            "name": asked.attributes.get("name", "Shared project link"),
            "anonymous": self.server.anonymous_links and asked.attributes.get("anonymous", False),
            "made_of": node,
            "nodes": {node},
        }
        self.server.links[made["id"]] = made
        return 201, {"data": _shown_link(made)}

    def link(self, asked: Asked, node: str, id_: str) -> tuple[int, Any]:
        found = self.server.links.get(id_)
        if not found or found["made_of"] != node:
            return error(404, "Not found.")
        if asked.method == "DELETE":
            del self.server.links[id_]
            return 204, b""
        return 200, {"data": _shown_link(found)}

    def link_nodes(self, asked: Asked, id_: str) -> tuple[int, Any]:
        found = self.server.links.get(id_)
        if not found:
            return error(404, "Not found.")
        new = {str(each.get("id")) for each in asked.members} - found["nodes"]
        if not new:
            return 204, b""
        if not all(self.server.parents.get(each) in found["nodes"] for each in new):
            return error(400, "The node is not a descendant of the nodes of the link.")
        found["nodes"] |= new
        return 201, {"data": [{"id": each, "type": "nodes"} for each in sorted(found["nodes"])]}

    # --- registrations

    def drafts(self, asked: Asked) -> tuple[int, Any]:
        if not asked.data:
            return error(400, "Request must include /data.", "/data")
        schema, node = asked.related("registration_schema"), asked.related("branched_from")
        if schema not in SCHEMAS:
            return error(404, "Registration schema not found.")
        if node and self._gone(node):
            return error(404, "Not found.")
        draft = f"d{next(self.server.numbers):04d}"
        of = self.server.nodes[node]["attributes"] if node else {"title": "", "description": "", "tags": []}
        copied = {name: of[name] for name in ("title", "description", "tags")}  # whatever was asked for
        self.server.drafts[draft] = {
            "node": node, "schema": schema, "subjects": [], "registered": False,
            "attributes": {**copied, "registration_responses": {}},
        }  # fmt: skip
        return 201, {"data": self._draft(draft)}

    def draft(self, asked: Asked, draft: str) -> tuple[int, Any]:
        there = self.server.drafts.get(draft)
        if not there:
            return error(404, "Not found.")
        if asked.method == "PATCH":
            if not asked.data:
                return error(400, "Request must include /data.", "/data")
            if asked.data.get("id") != draft:
                return error(400 if "id" not in asked.data else 409, "The id does not match.", "/data/id")
            responses = asked.attributes.get("registration_responses") or {}
            unknown = [key for key in responses if key not in SCHEMAS[there["schema"]][2]]
            if unknown:
                return error(400, f"Additional properties are not allowed ('{unknown[0]}' was unexpected)")
            kept = {
                name: value for name, value in asked.attributes.items() if name in self.server.keeps_draft
            }
            there["attributes"] |= kept
            there["attributes"]["tags"] = sorted(there["attributes"]["tags"])
        return 200, {"data": self._draft(draft)}

    def _draft(self, draft: str) -> dict[str, Any]:
        return {
            "id": draft,
            "type": "draft-registrations",
            "attributes": self.server.drafts[draft]["attributes"],
        }

    def draft_subjects(self, asked: Asked, draft: str) -> tuple[int, Any]:
        there = self.server.drafts.get(draft)
        if not there:
            return error(404, "Not found.")
        wanted = [str(each.get("id")) for each in asked.members]
        if not set(wanted) <= set(SUBJECTS):
            return error(400, "Subject not found.")
        there["subjects"] = wanted
        return 200, {"data": [{"id": each, "type": "subjects"} for each in wanted]}

    def registrations(self, asked: Asked) -> tuple[int, Any]:
        there = self.server.drafts.get(str(asked.attributes.get("draft_registration_id")))
        if not asked.data or not there:
            return error(400, "This draft registration is not found.", "/data/attributes")
        if there["registered"]:
            return error(403, "This draft has already been registered, archived, or is pending.")
        needed = [key for key, must in SCHEMAS[there["schema"]][2].items() if must]
        missing = [key for key in needed if not there["attributes"]["registration_responses"].get(key)]
        if missing:
            return error(400, f"'{missing[0]}' is a required property")
        if not there["subjects"]:
            return error(400, "A registration must have at least one subject.")
        there["registered"] = True
        made = f"r{next(self.server.numbers):04d}"
        said = {"archiving": True, "pending_registration_approval": True, "public": False}
        self.server.registrations[made] = {"of": there["node"], **asked.attributes}
        return 201, {"data": {"id": made, "type": "registrations", "attributes": said}}

    # --- files, as the API lists them: in pages

    def providers(self, asked: Asked, node: str) -> tuple[int, Any]:
        names = ("github", "osfstorage")
        return self._gone(node) or self._page(asked, [self._provider(name, node) for name in names])

    def _provider(self, name: str, node: str) -> dict[str, Any]:
        root = f"{self.server.links_to or self.server.url}/v1/resources/{node}/providers/{name}/"
        files = f"{self.server.api}nodes/{node}/files/{name}/"
        return {
            "id": f"{node}:{name}",
            "type": "files",
            "attributes": {"name": name, "kind": "folder", "path": "/", "provider": name, "node": node},
            "links": {"upload": root, "new_folder": f"{root}?kind=folder"},
            "relationships": {"files": {"links": {"related": {"href": files}}}},
        }

    def listed(self, asked: Asked, node: str, folder: str) -> tuple[int, Any]:
        gone = self._gone(node)
        if gone:
            return gone
        inside = [
            each for each in self.server.entities.values() if (each.node, each.parent) == (node, folder)
        ]
        found = []
        for each in inside:
            said = self.server.entity(each)
            href = f"{self.server.api}nodes/{node}/files/osfstorage/{each.id}/"
            said["attributes"]["materialized_path"] = f"/{self.server.name_of(each)}"
            found.append(
                said | {"id": each.id, "relationships": {"files": {"links": {"related": {"href": href}}}}}
            )
        return self._page(asked, found)


DATES = {"date_created": "2026-01-01T00:00:00Z", "date_modified": "2026-01-01T00:00:00Z"}
ROUTES = (
    (r"users/me/", "me", "GET"),
    (r"licenses/", "licenses", "GET"),
    (r"subjects/", "subjects", "GET"),
    (r"schemas/registrations/", "schemas", "GET"),
    (r"schemas/registrations/(\w+)/schema_blocks/", "schema_blocks", "GET"),
    (r"nodes/", "nodes", "POST"),
    (r"guids/(\w+)/", "guid", "GET"),
    (r"nodes/(\w+)/", "node", "GET PATCH DELETE"),
    (r"nodes/(\w+)/children/", "children", "GET POST"),
    (r"nodes/(\w+)/storage/", "storage", "GET"),
    (r"nodes/(\w+)/identifiers/", "identifiers", "GET POST"),
    (r"nodes/(\w+)/contributors/", "contributors", "GET"),
    (r"nodes/(\w+)/logs/", "logs", "GET"),
    (r"nodes/(\w+)/citation/", "citation", "GET"),
    (r"nodes/(\w+)/wikis/", "wikis", "GET"),
    (r"nodes/(\w+)/files/", "providers", "GET"),
    (r"nodes/(\w+)/files/osfstorage/(\w*)/?", "listed", "GET"),
    (r"nodes/(\w+)/view_only_links/", "view_only_links", "GET POST"),
    (r"nodes/(\w+)/view_only_links/(\w+)/", "link", "GET DELETE"),
    (r"view_only_links/(\w+)/relationships/nodes/", "link_nodes", "POST"),
    (r"custom_item_metadata_records/(\w+)/", "item_metadata", "GET PATCH"),
    (r"draft_registrations/", "drafts", "POST"),
    (r"draft_registrations/(\w+)/", "draft", "GET PATCH"),
    (r"draft_registrations/(\w+)/relationships/subjects/", "draft_subjects", "PATCH"),
    (r"registrations/", "registrations", "POST"),
)


def _wrong(attributes: dict[str, Any]) -> tuple[int, Any] | None:
    """What the API refuses of a project's attributes; what it does not know it ignores."""
    if len(str(attributes.get("title", ""))) > 512:
        return error(400, "Title cannot exceed 512 characters.", "/data/attributes/title")
    if attributes.get("category", "other") not in CATEGORIES:
        return error(400, "Not a valid choice.", "/data/attributes/category")
    tags = attributes.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return error(400, "Expected a list of items.", "/data/attributes/tags")
    return None


def _identifier(value: str) -> dict[str, Any]:
    return {"id": "ident1", "type": "identifiers", "attributes": {"category": "doi", "value": value}}


def _shown_link(link: dict[str, Any]) -> dict[str, Any]:
    shown = {name: link[name] for name in ("key", "name", "anonymous")}
    return {"id": link["id"], "type": "view-only-links", "attributes": shown}
