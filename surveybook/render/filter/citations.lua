-- Citations written out, by the styles of CSL, and the references to labels, which leave a placeholder.

local page = require "page"

local List, stringify = pandoc.List, pandoc.utils.stringify
local raw, tag, is_label, refuse = page.raw, page.tag, page.is_label, page.refuse

local job  -- what all pages share: `bibliography` and `csl`
--- A source of a list of sources: what is HTML in it, as in a title of a YAML file, are words, and no link runs a script.
local function markup_as_text(reference)
  return pandoc.Pandoc({}, {reference = reference}):walk {
    RawInline = function(el) return pandoc.Str(el.text) end,
    RawBlock = function(el) return pandoc.Para {pandoc.Str(el.text)} end,
    Link = function(el) if el.target:lower():match("^%s*%a*script:") then return el.content end end,
  }.meta.reference
end

local bibliography  -- key -> reference, read when the first page cites

local function references()
  if not bibliography then
    bibliography = {}
    local all = pandoc.read("---\nnocite: '@*'\n---\n", "markdown")
    all.meta.bibliography = job.bibliography
    all.meta.references = List(pandoc.utils.references(all)):map(markup_as_text)
    for _, reference in ipairs(all.meta.references) do bibliography[reference.id] = reference end
  end
  return bibliography
end

--- The document with its citations written out; also the cited keys in order, and those nobody knows.
local function cite(doc, extra)
  local keys, seen, unknown, known = List(extra or {}), {}, List {}, List {}
  doc:walk {Cite = function(el) for _, c in ipairs(el.citations) do keys:insert(c.id) end end}
  keys = keys:filter(function(key) local new = not seen[key]; seen[key] = true; return new end)
  if #keys == 0 then return doc, keys, unknown end
  for _, key in ipairs(keys) do
    local found = references()[key]
    if found then known:insert(found) else unknown:insert(key) end
  end
  doc.meta.references = known
  doc.meta["link-citations"] = true
  doc.meta.csl = job.csl
  if #unknown > 0 then return doc, keys, unknown end  -- refused anyway
  return pandoc.utils.citeproc(doc), keys, unknown
end

--- References to labels become placeholders; citations stay for citeproc.
local function mark_references(el, linked)
  local out = pandoc.Inlines {}
  local refs = el.citations:filter(function(c) return is_label(c.id) end)
  if #refs == 0 then return nil end
  if #refs < #el.citations then
    refuse("@" .. refs[1].id, "a cross-reference and a citation stand in one bracket, or side by side",
            "put words between them: Quarto would drop the citation")
  end
  for i, c in ipairs(refs) do
    if #c.suffix > 0 then
      page.notes:insert {find = "@" .. c.id, what = "the words “" .. stringify(c.suffix):gsub("^[%s,;]+", "")
        .. "” after a reference in brackets are left out, as Quarto leaves them out; write them outside the brackets"}
    end
    if i > 1 then out:extend {pandoc.Str ",", pandoc.Space()} end
    local bare = (#c.prefix > 0 or c.mode == "SuppressAuthor") and "1" or "0"
    local id = c.id:sub(1, 1):lower() .. c.id:sub(2)
    bare = bare .. (linked and "2" or "")
    out:insert(tag('<a class="quarto-xref" data-to="' .. id .. '" data-bare="' .. bare .. '">'))
    if #c.prefix > 0 then out:extend(c.prefix); out:insert(pandoc.Str(page.NBSP)) end
    out:insert(tag("</a>"))
  end
  return out
end

--- A place for what the whole book cites, in its order: numbers and letters of years then are those of the book.
local function cited_before(keys)
  local cites = List(keys):map(function(key)
    return pandoc.Cite({}, {pandoc.Citation(key, "NormalCitation")})
  end)
  return pandoc.Div({pandoc.Para(cites)}, {id = "cited-before"})
end

local function without_cited_before(blocks)
  return blocks:walk {Div = function(el) if el.identifier == "cited-before" then return {} end end}
end

--- The document with its citations written out, and the cited keys.
local function cite_page(doc)
  local function refs(with)
    return {Div = function(el) if el.identifier == "refs" then return with end end}
  end
  if page.given.lists then doc.blocks = doc.blocks:walk(refs(raw("<!--references-->"))) end
  if page.given.cited then
    local keys = List {}
    doc:walk {Cite = function(el) for _, c in ipairs(el.citations) do keys:insert(c.id) end end}
    if #keys == 0 then return doc, keys end
    doc.blocks:insert(1, cited_before(page.given.cited))
    local cited = cite(doc)
    cited.blocks = without_cited_before(cited.blocks):walk(page.given.hides and refs({}) or {})
    return cited, keys
  end
  local cited, keys, unknown = cite(doc)
  if page.given.hides then cited.blocks = cited.blocks:walk(refs({})) end
  for _, key in ipairs(unknown) do page.problems:insert {find = "@" .. key, unknown = key} end
  return cited, keys
end

--- The list of everything that the book cites, as HTML, and whether years have letters in it, as 2005a and 2005b.
local function list_all(keys, ordered)
  local doc = pandoc.Pandoc {}
  local all = List(keys):map(function(key) return pandoc.Citation(key, "NormalCitation") end)
  local cited = cite(pandoc.Pandoc {cited_before(keys)})
  local lettered = stringify(cited.blocks:filter(function(el) return el.identifier == "cited-before" end))
    :find("%d%d%d%d%l") ~= nil
  if ordered then
    doc = cited
    doc.blocks = without_cited_before(doc.blocks)
  else
    doc.meta.nocite = {pandoc.Cite({}, all)}
    doc = cite(doc, keys)
  end
  return page.html(doc.blocks, {wrap_text = "none"}), lettered  -- formulas in titles are no MathML there
end

--- The keys of the bibliography, as far as it was read.
local function known_keys()
  local keys = List {}
  for key in pairs(bibliography or {}) do keys:insert(key) end
  keys:sort()
  return keys
end

return {
  prepare = function(whole) job = whole end,
  cite_page = cite_page, mark_references = mark_references, list_all = list_all, known_keys = known_keys,
}
