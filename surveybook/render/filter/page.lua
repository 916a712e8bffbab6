-- The page that is being made, one at a time, and the words that all of it is made with.

local List = pandoc.List
local page = {NBSP = "\u{a0}"}

-- What a label may begin with, and what captions call it
page.NAMES = {fig = "Figure", tbl = "Table", lst = "Listing", eq = "Equation",
              nte = "Note", wrn = "Warning", tip = "Tip", imp = "Important", cau = "Caution"}
page.THEOREMS = {thm = "Theorem", lem = "Lemma", cor = "Corollary", prp = "Proposition", cnj = "Conjecture",
                 def = "Definition", exm = "Example", exr = "Exercise", rem = "Remark", sol = "Solution"}
page.CALLOUTS = {note = "Note", warning = "Warning", tip = "Tip", important = "Important", caution = "Caution"}

local writing = pandoc.WriterOptions {html_math_method = "mathml", section_divs = true, wrap_text = "none"}

--- What all pages share: abbreviations after which no line breaks.
function page.prepare(job) page.reading = pandoc.ReaderOptions {abbreviations = job.abbreviations} end

--- Begin a page: `given` is what site.py tells of it.
function page.begin(given)
  page.given, page.written = given, {}
  page.prefix = given.number ~= "" and not given.untitled and given.number .. "." or ""  -- of floats
  page.above = given.untitled and "0." or page.prefix  -- of sections
  page.problems, page.notes, page.labels, page.messages = List {}, List {}, List {}, List {}
  page.counters, page.sections, page.tabsets, page.annotated = {}, {0, 0, 0, 0, 0, 0}, 0, 0
  page.titled, page.align = false, given.align ~= "" and given.align or nil
end

function page.has(text) return page.given.markdown:find(text, 1, true) ~= nil end

--- `find` is a text at whose place in the page the fault is told.
--- `undone`: it is no fault of the author's, but not done here.
function page.refuse(find, what, remedy, undone)
  page.problems:insert {find = find, what = what, remedy = remedy, undone = undone}
end

function page.next_number(kind)
  page.counters[kind] = (page.counters[kind] or 0) + 1
  return page.prefix .. page.counters[kind]
end

function page.note_label(id, kind, number, text)
  page.labels:insert {id = id, kind = kind, number = number, text = text or ""}
end

--- The name of a kind of float before its number.
function page.name_of(kind) return page.given.names[kind] or page.NAMES[kind] or page.THEOREMS[kind] end

function page.kind_of(id) return (id:match("^(%a+)%-") or ""):lower() end

--- Whether an id is that of a float with a caption.
function page.is_float(id)
  local kind = page.kind_of(id)
  return (kind == "fig" or kind == "tbl" or kind == "lst" or page.given.kinds[kind]) and id:match("^%a+%-.") ~= nil
end

--- Whether an id is one that can be referred to.
function page.is_label(id)
  local kind = page.kind_of(id)
  return page.NAMES[kind] or page.THEOREMS[kind] or page.given.kinds[kind] or kind == "sec" or kind == "alg"
end

--- Markdown on one line (a title, a caption) as inlines.
function page.inlines(text)
  if text:match("^%s*$") then return pandoc.Inlines {} end
  local heading = pandoc.read("# " .. text:gsub("%s*\n%s*", " ") .. " {#x}", "markdown", page.reading).blocks[1]
  return heading and heading.content or pandoc.Inlines {}
end

function page.html(something, options)
  return (pandoc.write(pandoc.Pandoc(something), "html5", options or writing):gsub("\n$", ""))
end

--- The body of a page, what Pandoc remarks on the way noted.
function page.write(blocks)
  return page.silently(pandoc.write, pandoc.Pandoc(blocks), "html5", writing)
end

function page.silently(action, ...)
  local found, result = pandoc.log.silence(action, ...)
  for _, message in ipairs(found) do page.messages:insert(message.message or tostring(message)) end
  return result
end

function page.raw(text) return pandoc.RawBlock("html", text) end
function page.tag(text) return pandoc.RawInline("html", text) end

return page
