-- Markdown pages in, the parts of HTML pages out: run by `pandoc lua`, a JSON job on stdin, JSON on stdout.
-- One process converts many pages. What needs other pages (references to labels) leaves a placeholder.

local List, stringify, NBSP = pandoc.List, pandoc.utils.stringify, "\u{a0}"
local job = pandoc.json.decode(io.read("a"), false)

local NAMES = {fig = "Figure", tbl = "Table", eq = "Equation",
               nte = "Note", wrn = "Warning", tip = "Tip", imp = "Important", cau = "Caution"}
local KINDS = {sec = true, lst = true, thm = true, lem = true, cor = true, prp = true, cnj = true, def = true,
               exm = true, exr = true, sol = true, rem = true, alg = true}
local CALLOUTS = {note = "Note", warning = "Warning", tip = "Tip", important = "Important", caution = "Caution"}
for kind in pairs(NAMES) do KINDS[kind] = true end

-- Classes and attributes by which Quarto would do something that this renderer does not.
local FOREIGN = {"^column", "^aside$", "^content%-", "^panel%-", "^layout", "^quarto%-", "^margin%-", "^hidden$", "^proof$",
                 "^remark$", "^solution$", "^lightbox$", "^grid$", "^g%-col", "^callout", "^sidebar", "^embed", "^list%-table$"}
local FOREIGN_ATTRIBUTES = {"^layout", "subcap", "^fig%-pos$", "^fig%-env$", "^fig%-scap$", "^fig%-link$", "^lst%-",
                            "^when%-", "^unless%-", "cap%-location", "line%-numbers$", "^lightbox$"}
local RAW = {html = 1, html4 = 1, html5 = 1, latex = 1, tex = 1, typst = 1, docx = 1, openxml = 1, epub = 1, markdown = 1}

local reading = pandoc.ReaderOptions {abbreviations = job.abbreviations}
local writing = pandoc.WriterOptions {html_math_method = "mathml", section_divs = true, wrap_text = "none"}

local function matches(name, patterns)
  return List(patterns):find_if(function(pattern) return name:match(pattern) end)
end

--- Markdown on one line (a title, a caption) as inlines.
local function inlines(text)
  if text:match("^%s*$") then return pandoc.Inlines {} end
  local heading = pandoc.read("# " .. text:gsub("%s*\n%s*", " ") .. " {#x}", "markdown", reading).blocks[1]
  return heading and heading.content or pandoc.Inlines {}
end

local function html(something, options)
  return (pandoc.write(pandoc.Pandoc(something), "html5", options or writing):gsub("\n$", ""))
end

local function raw(text) return pandoc.RawBlock("html", text) end
local function tag(text) return pandoc.RawInline("html", text) end
local function kind_of(id) return (id:match("^(%a+)%-") or ""):lower() end
local function is_float(id) return id:match("^fig%-.") or id:match("^tbl%-.") end

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

-- What is known of the page that is being made: one at a time.
local page, prefix, problems, notes, labels, messages, counters, sections, tabsets

local function begin(next_page)
  page = next_page
  prefix = page.number ~= "" and page.number .. "." or ""
  problems, notes, labels, messages = List {}, List {}, List {}, List {}
  counters, sections, tabsets = {}, {0, 0, 0, 0, 0, 0}, 0
end

local function has(text) return page.markdown:find(text, 1, true) ~= nil end

local function refuse(find, what, remedy) problems:insert {find = find, what = what, remedy = remedy} end
local function next_number(kind)
  counters[kind] = (counters[kind] or 0) + 1
  return prefix .. counters[kind]
end
local function note_label(id, kind, number, text)
  labels:insert {id = id, kind = kind, number = number, text = text or ""}
end

local function check_names(el, what)
  for _, class in ipairs(el.classes) do
    if matches(class, FOREIGN) and not CALLOUTS[class:match("^callout%-(.*)") or ""] and class ~= "panel-tabset" then
      refuse(class, "the class ." .. class .. " of a " .. what .. " is not supported",
              "remove it, or write what it should show as ordinary text")
    end
  end
  for key in pairs(el.attributes) do
    if matches(key, FOREIGN_ATTRIBUTES) then
      refuse(key, "the attribute " .. key .. " of a " .. what .. " is not supported", "remove it")
    end
  end
end

-- Pictures: the alternative text is `fig-alt`; a caption is never that, the bracket text of an inline picture is.
local function set_alternative(image, alt)
  local explicit = image.attributes["fig-alt"] or alt
  image.attributes["fig-alt"] = nil
  image.attributes["alt"] = explicit or image.attributes["alt"]
  local align = image.attributes["fig-align"]
  if align then
    image.attributes["fig-align"] = nil
    image.classes:insert("quarto-figure-" .. align)
  end
  return image
end

local function bare_picture(image, caption, alt)
  if #image.caption > 0 and stringify(image.caption) ~= stringify(caption) then
    image.attributes["aria-label"] = stringify(image.caption)  -- an explicit alt=: Quarto drops it here
  end
  image.caption = {}
  return set_alternative(image, alt)
end

--- A figure or table with its number: caption below a figure, above a table.
local function number_float(id, content, caption, classes, attributes)
  local kind = kind_of(id)
  local number = next_number(kind)
  note_label(id, kind, number)
  local function part(el)
    local inner = el.attributes.label or el.identifier
    if is_float(inner) then
      refuse(inner, "“" .. inner .. "” stands inside “" .. id .. "”, and figures with parts are not supported",
              "give each a place of its own")
    end
  end
  pandoc.Div(content):walk {Div = part, Figure = part, Image = part, Table = part}
  content = pandoc.Blocks(content):walk {
    traverse = "topdown",
    Link = function(link) return link, false end,
    Image = function(image) return bare_picture(image, image.caption) end,
  }
  local text = pandoc.Inlines {pandoc.Str(NAMES[kind] .. NBSP .. number)}
  if #caption > 0 then
    text[1].text = text[1].text .. ":"
    text:insert(pandoc.Space())
    text:extend(caption)
  end
  local figcaption = {raw("<figcaption>"), pandoc.Plain(text), raw("</figcaption>")}
  local blocks = pandoc.Blocks {raw("<figure>")}
  if kind == "tbl" then blocks:extend(figcaption) end
  blocks:extend(content)
  if kind == "fig" then blocks:extend(figcaption) end
  blocks:insert(raw("</figure>"))
  local all = List {"quarto-float", "quarto-float-" .. kind}
  all:extend(classes or {})
  return pandoc.Div(blocks, pandoc.Attr(id, all, attributes or {}))
end

--- A table's own caption, taken out of it, where its float has none.
local function take_caption(blocks)
  local caption
  blocks = pandoc.Blocks(blocks):walk {Table = function(el)
    if not caption and #el.caption.long > 0 then
      caption = pandoc.utils.blocks_to_inlines(el.caption.long)
      el.caption = {}
      return el
    end
  end}
  return blocks, caption or pandoc.Inlines {}
end

local function convert_float(el)
  local content, last, caption = el.content, el.content[#el.content], nil
  local key = kind_of(el.identifier) .. "-cap"
  if #content > 1 and last.t == "Para" then
    if #last.content == 1 and last.content[1].t == "Image" then
      refuse(el.identifier, "the last paragraph of “" .. el.identifier .. "” is a picture, not its caption",
              "write the caption as the last paragraph")
    end
    caption = last.content
    content:remove()
  elseif el.attributes[key] then
    caption = inlines(el.attributes[key])
  else
    content, caption = take_caption(content)
  end
  el.attributes[key] = nil
  local only = #content == 1 and content[1].t == "Para" and #content[1].content == 1 and content[1].content[1]
  if only and only.t == "Image" then el.classes:extend(only.classes) end
  return number_float(el.identifier, content, caption, el.classes, el.attributes)
end

local function convert_cell(el)
  local options = {}
  for key, value in pairs(el.attributes) do options[key] = value end
  el.attributes = {}
  local id = options.label or ""
  local kind = kind_of(id)
  if is_float(id) then
    local shown, rest = pandoc.Blocks {}, pandoc.Blocks {}
    for _, block in ipairs(el.content) do
      if block.t == "Div" and block.classes:includes("cell-output-display") then shown:insert(block) else rest:insert(block) end
    end
    if #shown == 0 then shown, rest = rest, pandoc.Blocks {} end
    local caption = options[kind .. "-cap"] and inlines(options[kind .. "-cap"])
    if not caption then shown, caption = take_caption(shown) end
    if options["fig-alt"] then  -- Quarto drops it for a picture that the cell wrote as Markdown: never as alt
      shown = shown:walk {Image = function(image)
        if not image.attributes["fig-alt"] then image.attributes["aria-label"] = options["fig-alt"] end
        return image
      end}
    end
    local align, widths = options["fig-align"], options["tbl-colwidths"]
    if widths then
      shown = shown:walk {Table = function(inner) inner.attributes["tbl-colwidths"] = widths; return inner end}
    end
    rest:insert(number_float(id, shown, caption, align and {"quarto-figure-" .. align}))
    el.identifier, el.content = "cell-" .. id, rest
  else
    el.identifier = id
    local caption = options["tbl-cap"]
    if caption then
      caption = pandoc.Plain(inlines(caption))
      el.content = el.content:walk {
        Table = function(inner) inner.caption = {long = {caption}}; return inner end,
        RawBlock = function(inner)
          local open, rest = inner.text:match("^(%s*<table[^>]*>)(.*)")
          if open then return {raw(open .. "<caption>"), caption, raw("</caption>" .. rest)} end
        end,
      }
    end
  end
  return el
end

local function convert_callout(el, name)
  local title, options, id = pandoc.Inlines {}, el.attributes, el.identifier
  for key in pairs(options) do
    if not List {"title", "collapse", "appearance", "icon"}:includes(key) then
      refuse(key, "a callout has no attribute “" .. key .. "”", "use title, collapse, appearance or icon")
    end
  end
  if (options.title or "") ~= "" then
    title = inlines(options.title)
  elseif el.content[1] and el.content[1].t == "Header" then
    title = el.content[1].content
    el.content:remove(1)
  end
  options.appearance = options.appearance or page.appearance
  options.icon = options.icon or page.icon
  local style = options.appearance == "default" and "default" or "simple"
  local kind, spoken = kind_of(id), nil
  if NAMES[kind] and not is_float(id) and kind ~= "eq" then
    local number = next_number(kind)
    note_label(id, kind, number)
    local front = pandoc.Inlines {pandoc.Str(CALLOUTS[name] .. NBSP .. number .. (#title > 0 and ":" or ""))}
    if #title > 0 then front:insert(pandoc.Space()) end
    title = front .. title
  elseif #title == 0 and style == "default" then
    title = pandoc.Inlines {pandoc.Str(CALLOUTS[name])}
  elseif #title > 0 then
    spoken = '<span class="screen-reader-only">' .. CALLOUTS[name] .. ": </span>"
  end
  local classes = el.classes:filter(function(class) return class ~= "callout-" .. name end)
  classes:extend {"callout", "callout-" .. name, "callout-style-" .. style}
  if options.icon == "false" or options.appearance == "minimal" then classes:insert("no-icon") end
  local body = pandoc.Div(el.content, {class = "callout-body"})
  local blocks = pandoc.Blocks {body}
  if #title > 0 then
    local folds = options.collapse ~= nil
    local box = folds and "summary" or "div"
    local open = '<' .. box .. ' class="callout-header"><span class="callout-title-container">' .. (spoken or "")
    blocks = pandoc.Blocks {raw(open), pandoc.Plain(title), raw("</span></" .. box .. ">"), body}
    if folds then
      blocks:insert(1, raw(options.collapse == "true" and "<details>" or "<details open>"))
      blocks:insert(raw("</details>"))
    end
  end
  return pandoc.Div(blocks, pandoc.Attr(id, classes, {role = "note"}))
end

local function convert_tabset(el)
  local level, panes, tabs = nil, List {}, pandoc.Inlines {}
  tabsets = tabsets + 1
  for _, block in ipairs(el.content) do
    level = level or block.t == "Header" and block.level or nil
    if block.t == "Header" and block.level == level then
      local id = "tabset-" .. tabsets .. "-" .. #panes + 1
      tabs:insert(tag('<li role="presentation"><a role="tab" id="' .. id .. '-tab" href="#' .. id .. '">'))
      local _, link = block.content:find_if(function(part) return part.t == "Link" or part.t == "Cite" or part.t == "Note" end)
      for i, part in ipairs(block.content) do  -- a link within a link ends it
        if i == link then tabs:insert(tag("</a> ")) end
        tabs:insert(part)
      end
      tabs:insert(tag(link and "</li>" or "</a></li>"))
      local attributes = {{"role", "tabpanel"}, {"aria-labelledby", id .. "-tab"}}  -- pairs: a table has no order
      panes:insert(pandoc.Div({}, pandoc.Attr(id, {"tab-pane"}, attributes)))
    elseif level then
      panes[#panes].content:insert(block)
    end
  end
  if #panes == 0 or el.content[1].t ~= "Header" then
    refuse("panel-tabset", "a tabset must begin with a heading: each heading of that level is a tab",
            "put a heading first")
  end
  tabs:insert(1, tag('<ul class="nav nav-tabs" role="tablist">'))
  tabs:insert(tag("</ul>"))
  el.attributes = {}
  el.content = pandoc.Blocks {pandoc.Plain(tabs)} .. panes
  return el
end

--- Display maths followed by {#eq-x} becomes a numbered equation.
local function number_equations(el)
  local out, i, content = pandoc.Inlines {}, 1, el.content
  if not content:find_if(function(x) return x.t == "Math" and x.mathtype == "DisplayMath" end) then return nil end
  while i <= #content do
    local this, after = content[i], i + 1
    while content[after] and content[after].t == "Space" do after = after + 1 end
    local id = this.t == "Math" and this.mathtype == "DisplayMath" and content[after] and content[after].t == "Str"
      and content[after].text:match("^{#(eq%-[^}]+)}$")
    if id then
      local number = next_number("eq")
      note_label(id, "eq", number)
      this.text = this.text .. " \\qquad(" .. number .. ")"
      out:insert(pandoc.Span({this}, pandoc.Attr(id)))
      i = after
    else
      out:insert(this)
    end
    i = i + 1
  end
  el.content = out
  return el
end

--- Only a picture, or only a link around one: a figure if it has a caption or a label.
local function convert_picture(para)
  local only = #para.content == 1 and para.content[1]
  local link = only and only.t == "Link" and #only.content == 1 and only.content[1].t == "Image" and only
  local image = link and link.content[1] or only and only.t == "Image" and only
  if not image or not (is_float(image.identifier) or link and #image.caption > 0) then return nil end
  local id, caption = image.identifier, image.caption
  image.identifier = ""
  image = bare_picture(image, caption)
  local shown = pandoc.Plain {image}
  if link then link.content = {image}; shown = pandoc.Plain {link} end
  if is_float(id) then return number_float(id, {shown}, caption, image.classes) end
  return pandoc.Figure({shown}, {long = {pandoc.Plain(caption)}}, pandoc.Attr(id))
end

local function convert_figure(el)
  local caption = pandoc.utils.blocks_to_inlines(el.caption.long)
  el.content = el.content:walk {Image = function(image)
    if is_float(el.identifier) then el.classes:extend(image.classes) end
    return bare_picture(image, caption)
  end}
  if is_float(el.identifier) then return number_float(el.identifier, el.content, caption, el.classes, el.attributes) end
  return el
end

local function convert_table(el)
  local widths = el.attributes["tbl-colwidths"]
  el.attributes["tbl-colwidths"] = nil
  if widths and widths:match("%d") then
    local numbers, sum = List {}, 0
    for number in widths:gmatch("[%d.]+") do
      numbers:insert(tonumber(number))
      sum = sum + tonumber(number)
    end
    for i, spec in ipairs(el.colspecs) do el.colspecs[i] = {spec[1], numbers[i] and numbers[i] / math.max(sum, 1)} end
  end
  local id = el.identifier
  if not is_float(id) then return el end
  local caption = pandoc.utils.blocks_to_inlines(el.caption.long)
  el.identifier, el.caption = "", {}
  local classes = el.classes
  el.classes = {}
  return number_float(id, {el}, caption, classes)
end

local function number_heading(el)
  local plain = el.classes:includes("unnumbered")
  if el.level == 1 and not page.index then
    refuse("# " .. (stringify(el):match("^%S+") or ""),
            "a chapter has one title, and “" .. stringify(el) .. "” is a second one", "use ## for its sections")
  end
  local number = ""
  if not plain then
    sections[el.level] = sections[el.level] + 1
    for deeper = el.level + 1, 6 do sections[deeper] = 0 end
    number = prefix .. table.concat({table.unpack(sections, 2, math.max(el.level, 2))}, ".")
  end
  local text = stringify(el)
  labels:insert {id = el.identifier, kind = "heading", number = number, text = text, unnumbered = plain}
  if page.number ~= "" and not plain and el.level <= page.numbers then
    el.attributes["number"] = number
    el.content:insert(1, pandoc.Space())
    el.content:insert(1, pandoc.Span(number, {class = "header-section-number"}))
  end
  return el
end

--- References to labels become placeholders; citations stay for citeproc.
local function mark_references(el, linked)
  local out = pandoc.Inlines {}
  local refs = el.citations:filter(function(c) return KINDS[kind_of(c.id)] end)
  if #refs == 0 then return nil end
  if #refs < #el.citations then
    refuse("@" .. refs[1].id, "a cross-reference and a citation stand in one bracket, or side by side",
            "put words between them: Quarto would drop the citation")
  end
  for i, c in ipairs(refs) do
    if #c.suffix > 0 then
      notes:insert {find = "@" .. c.id, what = "the words “" .. stringify(c.suffix):gsub("^[%s,;]+", "")
        .. "” after a reference in brackets are left out, as Quarto leaves them out; write them outside the brackets"}
    end
    if i > 1 then out:extend {pandoc.Str ",", pandoc.Space()} end
    local bare = (#c.prefix > 0 or c.mode == "SuppressAuthor") and "1" or "0"
    local id = c.id:sub(1, 1):lower() .. c.id:sub(2)
    bare = bare .. (linked and "2" or "")
    out:insert(tag('<a class="quarto-xref" data-to="' .. id .. '" data-bare="' .. bare .. '">'))
    if #c.prefix > 0 then out:extend(c.prefix); out:insert(pandoc.Str(NBSP)) end
    out:insert(tag("</a>"))
  end
  return out
end

--- Code that shows cells and inline expressions has their language in doubled braces.
local function without_braces(text) return (text:gsub("^(`*){({+[^<}]+}+)}", "%1%2")) end

local function convert_code(el)
  local before, after = pandoc.Blocks {}, pandoc.Blocks {}
  local cells
  if el.attributes.shown then
    el.text = "```" .. el.attributes.shown .. "\n" .. el.text .. "\n```"
    el.attributes.shown = nil
  end
  el.text, cells = el.text:gsub("```{({+[^<}]+}+)}", "```%1")
  if cells > 0 and #el.classes == 0 then el.classes:insert("markdown") end
  el.text = el.text:gsub("([^`\n]`+){({+[^<}]+}+)}", "%1%2")
  local fold, name = el.attributes["code-fold"], el.attributes["filename"]
  if fold and fold ~= "false" and el.classes:includes("cell-code") then
    before:insert(raw('<details class="code-fold"' .. (fold == "show" and " open" or "") .. "><summary>"))
    before:insert(pandoc.Plain(inlines(el.attributes["code-summary"] or "Code")))
    before:insert(raw("</summary>"))
    after:insert(raw("</details>"))
  end
  if name then
    before:insert(raw('<div class="code-with-filename-file">'))
    before:insert(pandoc.Plain(pandoc.Str(name)))
    before:insert(raw("</div>"))
  end
  el.attributes["code-fold"], el.attributes["code-summary"] = nil, nil
  return before .. {el} .. after
end

--- What becomes of each element.
local function filters()
  local filter = {
    traverse = "topdown",
    Header = number_heading, CodeBlock = convert_code, Figure = convert_figure, Table = convert_table,
    Cite = function(el) return mark_references(el) end,
    Code = function(el) el.text = without_braces(el.text); return el end,
    Image = function(el) return set_alternative(el) end,
    Link = function(el)
      el.content = el.content:walk {Cite = function(inner) return mark_references(inner, true) end}
      return el
    end,
    Div = function(el)
      if el.classes:includes("cell") then return convert_cell(el) end
      local name = el.classes:find_if(function(class) return CALLOUTS[class:match("^callout%-(.*)") or ""] end)
      if name then return convert_callout(el, name:match("^callout%-(.*)")) end
      if el.classes:includes("panel-tabset") then return convert_tabset(el) end
      if is_float(el.identifier) and not el.classes:includes("quarto-float") then return convert_float(el) end
    end,
  }

  -- Looking into every paragraph is slow: only where the page has what is looked for.
  if has("{#eq-") then filter.Plain = number_equations end
  if has("{#eq-") or has("![") then filter.Para = function(el) return convert_picture(el) or number_equations(el) end end
  return filter
end

--- What is refused in the text as it is written, before anything is made of it.
local function checks_of_text()
  local checks = {
    traverse = "topdown",
    Div = function(el)
      check_names(el, "div")
      local kind = kind_of(el.identifier)
      if KINDS[kind] and not NAMES[kind] and kind ~= "sec" then
        refuse(el.identifier, "theorems and listings (here “" .. el.identifier .. "”) are not supported",
                "give the div another id, or use a callout")
      end
    end,
    Header = function(el) check_names(el, "heading") end,
    Link = function(el) check_names(el, "link") end,
    Span = function(el)
      check_names(el, "span")
      if el.classes:includes("finding") then return el, false end -- what it says is data, and never Markdown
    end,
    Image = function(el) check_names(el, "picture") end,
    CodeBlock = function(el) check_names(el, "code block") end,
    Table = function(el) check_names(el, "table") end,
    RawBlock = function(el)
      if not RAW[el.format] then
        refuse("{=" .. el.format .. "}", "raw text of the format “" .. el.format .. "” would vanish", "use {=html}")
      end
    end,
  }
  if has("[^") or has(":::") then
    checks.Str = function(el)
      local note = el.text:match("%[(%^[^%]%s]+)%]")
      if note and not has("\\[" .. note) then
        note = "[" .. note .. "]"
        refuse(note, "the footnote " .. note .. " is not defined", "add a line `" .. note .. ": its text`")
      elseif el.text:match("^:::+") then
        refuse(el.text, "“:::” here neither opens nor closes a div", "give it a class, or remove it")
      end
    end
  end
  return checks
end

local function log(found) for _, m in ipairs(found) do messages:insert(m.message or tostring(m)) end end
local function silently(action, ...)
  local found, result = pandoc.log.silence(action, ...)
  log(found)
  return result
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
  local toc = pandoc.structure.table_of_contents(listed, {toc_depth = page.depth})
  if toc.t == "BulletList" then collect(toc, 1) end
  return contents
end

--- Pictures with a label that stand with other things, and so got no number.
local function check_pictures(blocks)
  if not has("![") then return end
  blocks:walk {Image = function(el)
    if is_float(el.identifier) then
      refuse("{#" .. el.identifier, "the picture {#" .. el.identifier .. "} stands with other things in its paragraph, "
             .. "list or cell, where it gets no number", "put it into a paragraph of its own, with empty lines around")
      note_label(el.identifier, kind_of(el.identifier), "0")  -- so that references to it are no further fault
    end
  end}
end

--- Marks in code such as `# <1>`, with the list of notes below it, of which Quarto makes notes beside the lines.
local function check_annotations(blocks)
  if not has("<1>") then return end
  blocks:walk {Blocks = function(list)
    for i, block in ipairs(list) do
      local after = list[i + 1]
      if block.t == "CodeBlock" and after and after.t == "OrderedList" and (block.text .. "\n"):find("%p%s*<%d+>[ %p]*\n") then
        refuse("<1>", "the marks of notes in code (<1>) are not done here",
               "take them out of the code, and name the lines in the text")
      end
    end
  end}
end

--- Labels that stand in the text because nothing took them.
local function check_labels(blocks)
  if not page.markdown:find("{#%a+%-") then return end
  blocks:walk {Str = function(el)
    local id = el.text:match("^{#(%a+%-[^}]*)}?")
    if id and KINDS[kind_of(id)] then
      if id:find("[\xcc\xcd][\x80-\xbf]") then  -- an accent that stands apart from its letter
        refuse("{#" .. id, "the label {#" .. id .. "} has an accent that is written apart from its letter",
               "write it as one letter (the form NFC of Unicode)")
        note_label(id, kind_of(id), "0")
        return
      end
      refuse("{#" .. id, "the label {#" .. id .. "} stands here as text", "write it right after the `)` of a picture, "
             .. "or after the `$$` of an equation and a space, in the same line, with nothing after it")
    end
  end}
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
  if page.lists then doc.blocks = doc.blocks:walk(refs(raw("<!--references-->"))) end
  if page.cited then
    local keys = List {}
    doc:walk {Cite = function(el) for _, c in ipairs(el.citations) do keys:insert(c.id) end end}
    if #keys == 0 then return doc, keys end
    doc.blocks:insert(1, cited_before(page.cited))
    local cited = cite(doc)
    cited.blocks = without_cited_before(cited.blocks):walk(page.hides and refs({}) or {})
    return cited, keys
  end
  local cited, keys, unknown = cite(doc)
  if page.hides then cited.blocks = cited.blocks:walk(refs({})) end
  for _, key in ipairs(unknown) do problems:insert {find = "@" .. key, unknown = key} end
  return cited, keys
end

--- Inlines without links, for places that are links themselves.
local function without_links(content)
  return pandoc.Inlines(content):walk {Link = function(el) return el.content end, Note = function() return {} end}
end

local function convert(next_page)
  begin(next_page)
  local doc, keys = silently(pandoc.read, page.markdown, "markdown", reading), nil
  doc.meta = {title = inlines(page.title), subtitle = inlines(page.subtitle)}
  doc:walk(checks_of_text())
  doc = doc:walk(filters())
  check_pictures(doc.blocks)
  check_annotations(doc.blocks)
  check_labels(doc.blocks)
  doc, keys = cite_page(doc)
  local contents = contents_of(doc.blocks)
  local title = doc.meta.title or pandoc.Inlines {}
  local mark = "<!--title above-->"  -- written with the body, so that its notes stand among those of the page
  doc.blocks:insert(1, pandoc.Plain(title))
  doc.blocks:insert(2, raw(mark))
  local body = silently(pandoc.write, pandoc.Pandoc(doc.blocks), "html5", writing)
  local at, stop = body:find(mark, 1, true)
  local plain = without_links(title)
  return {
    title = body:sub(1, at - 1):gsub("\n$", ""), nav = html {pandoc.Plain(plain)}, text = stringify(plain),
    subtitle = html {pandoc.Plain(doc.meta.subtitle or {})},
    body = body:sub(stop + 1):gsub("^\n", ""),
    contents = contents, labels = labels, cites = keys, problems = problems, notes = notes, messages = messages,
  }
end

local answer = {pages = List {}, texts = List {}}
for _, page in ipairs(job.pages or {}) do answer.pages:insert(convert(page)) end
for _, text in ipairs(job.texts or {}) do
  local content = inlines(text)
  answer.texts:insert {html = html {pandoc.Plain(content)}, text = stringify(content)}
end
if job.cites then  -- the list of everything that the book cites
  local doc = pandoc.Pandoc {}
  local all = List(job.cites):map(function(key) return pandoc.Citation(key, "NormalCitation") end)
  local cited = cite(pandoc.Pandoc {cited_before(job.cites)})
  answer.lettered = stringify(cited.blocks:filter(function(el) return el.identifier == "cited-before" end))
    :find("%d%d%d%d%l") ~= nil  -- 2005a and 2005b
  if job.ordered then
    doc = cited
    doc.blocks = without_cited_before(doc.blocks)
  else
    doc.meta.nocite = {pandoc.Cite({}, all)}
    doc = cite(doc, job.cites)
  end
  answer.references = html(doc.blocks, {wrap_text = "none"})  -- formulas in titles are no MathML there
end
answer.keys = List {}
for key in pairs(bibliography or {}) do answer.keys:insert(key) end
answer.keys:sort()
io.write(pandoc.json.encode(answer))
