-- Markdown pages in, the parts of HTML pages out: run by `pandoc lua`, a JSON job on stdin, JSON on stdout.
-- One process converts many pages. What needs other pages (references to labels) leaves a placeholder.

package.path = pandoc.path.join {pandoc.path.directory(arg[0]), "filter", "?.lua"}
local page, conditions, checks = require "page", require "conditions", require "checks"
local floats, cells, layout, equations = require "floats", require "cells", require "layout", require "equations"
local boxes, theorems, margin, code = require "boxes", require "theorems", require "margin", require "code"
local citations, tables = require "citations", require "tables"

local List, stringify, has = pandoc.List, pandoc.utils.stringify, page.has
local raw, inlines, html = page.raw, page.inlines, page.html
local job = pandoc.json.decode(io.read("a"), false)
page.prepare(job)
citations.prepare(job)

local function number_heading(el)
  local plain = el.classes:includes("unnumbered")
  local titles = el.level == 1 and not plain  -- of the home page; of others, the title has left the text
  page.titled = page.titled or page.given.untitled
  if el.level == 1 and not page.given.index or titles and page.titled then
    page.refuse("# " .. (stringify(el):match("^%S+") or ""),
            "a chapter has one title, and “" .. stringify(el) .. "” is a second one", "use ## for its sections")
  end
  local number = ""
  if not plain then
    page.sections[el.level] = page.sections[el.level] + 1
    for deeper = el.level + 1, 6 do page.sections[deeper] = 0 end
    number = titles and page.given.number
             or page.above .. table.concat({table.unpack(page.sections, 2, math.max(el.level, 2))}, ".")
    page.titled = page.titled or titles
  end
  local text = stringify(el)
  page.labels:insert {id = el.identifier, kind = "heading", number = number, text = text, unnumbered = plain,
                      whole = titles and number ~= ""}
  if page.given.number ~= "" and not plain and el.level <= page.given.numbers then
    el.attributes["number"] = number
    el.content:insert(1, pandoc.Space())
    el.content:insert(1, pandoc.Span(number, {class = "header-section-number"}))
  end
  return el
end

--- What becomes of each element.
local function filters()
  local filter = {
    traverse = "topdown",
    Header = number_heading, CodeBlock = code.convert_code, Figure = floats.convert_figure, Table = floats.convert_table,
    RawBlock = floats.convert_raw_table,
    Cite = function(el) return citations.mark_references(el) end,
    Code = function(el) el.text = code.without_braces(el.text); return el end,
    Image = function(el) return floats.set_alternative(el) end,
    Link = function(el)
      el.content = el.content:walk {Cite = function(inner) return citations.mark_references(inner, true) end}
      return el
    end,
    Div = function(el)
      if el.classes:includes("cell") then return cells.convert_cell(el) end
      local widths = el.attributes["tbl-colwidths"]
      if widths then
        el.attributes["tbl-colwidths"] = nil
        el.content = floats.give_widths(el.content, widths)
      end
      local name = el.classes:find_if(function(class) return page.CALLOUTS[class:match("^callout%-(.*)") or ""] end)
      if name then return boxes.convert_callout(el, name:match("^callout%-(.*)")) end
      if el.classes:includes("panel-tabset") then return boxes.convert_tabset(el) end
      if page.is_float(el.identifier) and not el.classes:includes("quarto-float") then return floats.convert_float(el) end
      if theorems.is_theorem(el) then return theorems.convert_theorem(el) end
      if layout.is_asked(el.attributes) then return layout.convert_panel(el) end
      if widths then return el end
    end,
  }

  -- Looking into every paragraph is slow: only where the page has what is looked for.
  if has("{#eq-") then filter.Plain = equations.number_equations end
  if has("{#eq-") or has("![") then filter.Para = function(el) return floats.convert_picture(el) or equations.number_equations(el) end end
  return filter
end

--- The list of contents: depth, id and HTML of each heading that is listed.
local function contents_of(blocks)
  local contents = List {}
  local function collect(list, depth)
    for _, item in ipairs(list.content) do
      for _, block in ipairs(item) do
        if block.t == "BulletList" then
          collect(block, depth + 1)
        elseif block.content[1] and block.content[1].t == "Link" then
          local link = block.content[1]
          contents:insert {depth = depth, id = link.target:sub(2), html = html {pandoc.Plain(link.content)}}
        end
      end
    end
  end
  local listed = blocks:walk {Div = function(el)
    if el.classes:includes("callout") or el.classes:includes("tab-pane") then return {} end
  end}
  local toc = pandoc.structure.table_of_contents(listed, {toc_depth = page.given.depth})
  if toc.t == "BulletList" then collect(toc, 1) end
  return contents
end

--- Inlines without links, for places that are links themselves.
local function without_links(content)
  return pandoc.Inlines(content):walk {Link = function(el) return el.content end, Note = function() return {} end}
end

--- What a page begins with where it has an abstract.
local function read_abstract()
  local abstract = page.given.abstract
  local called = pandoc.Div({pandoc.Plain(inlines(abstract.title))}, {class = "block-title"})
  local words = pandoc.read(abstract.text, "markdown", page.reading).blocks
  return #words > 0 and {pandoc.Div({called, table.unpack(words)}, {class = "abstract"})} or {}
end

local function convert(next_page)
  page.begin(next_page)
  local doc, keys = page.silently(pandoc.read, page.given.markdown, "markdown", page.reading), nil
  doc.meta = {title = inlines(page.given.title), subtitle = inlines(page.given.subtitle)}
  doc.blocks = pandoc.Blocks(read_abstract()) .. tables.read_lists(conditions.keep_visible(doc.blocks))
  doc = doc:walk(checks.checks_of_text())
  doc.blocks = margin.set_beside(code.annotate(code.mark_code(doc.blocks)))
  doc = doc:walk(filters())
  checks.check_pictures(doc.blocks)
  checks.check_labels(doc.blocks)
  doc.blocks = floats.link_pictures(doc.blocks)
  doc, keys = citations.cite_page(doc)
  local contents = contents_of(doc.blocks)
  local title = doc.meta.title or pandoc.Inlines {}
  local mark = "<!--title above-->"  -- written with the body, so that its notes stand among those of the page
  doc.blocks:insert(1, pandoc.Plain(title))
  doc.blocks:insert(2, raw(mark))
  local body = page.write(doc.blocks)
  local at, stop = body:find(mark, 1, true)
  local plain = without_links(title)
  return {
    title = body:sub(1, at - 1):gsub("\n$", ""), nav = html {pandoc.Plain(plain)}, text = stringify(plain),
    subtitle = html {pandoc.Plain(doc.meta.subtitle or {})},
    body = body:sub(stop + 1):gsub("^\n", ""),
    contents = contents, labels = page.labels, cites = keys, problems = page.problems, notes = page.notes,
    messages = page.messages,
  }
end

local answer = {pages = List {}, texts = List {}}
for _, given in ipairs(job.pages or {}) do answer.pages:insert(convert(given)) end
for _, text in ipairs(job.texts or {}) do
  local content = inlines(text)
  answer.texts:insert {html = html {pandoc.Plain(content)}, text = stringify(content)}
end
if job.cites then answer.references, answer.lettered = citations.list_all(job.cites, job.ordered) end
answer.keys = citations.known_keys()
io.write(pandoc.json.encode(answer))
