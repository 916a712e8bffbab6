-- Blocks of code: folded, with the name of their file, with numbers or notes for their lines, as listings.

local page, floats = require "page", require "floats"

local raw, inlines, has = page.raw, page.inlines, page.has

-- What begins a comment, where it is no “#”, and what ends it
local SLASHES = {"//"}
local COMMENTS = {
  sql = {"--"}, lua = {"--"}, haskell = {"--"}, ada = {"--"}, vhdl = {"--"}, elm = {"--"}, latex = {"%"}, tex = {"%"},
  matlab = {"%"}, octave = {"%"}, erlang = {"%"}, prolog = {"%"}, mermaid = {"%%"}, lisp = {";"}, scheme = {";"},
  clojure = {";"}, ini = {";"}, fortran = {"!"}, f90 = {"!"}, css = {"/*", "*/"}, c = {"/*", "*/"}, html = {"<!--", "-->"},
  xml = {"<!--", "-->"}, markdown = {"<!--", "-->"}, sas = {"*", ";"}, stata = {"*"}, apl = {"⍝"},
}
for name in ("cpp cs csharp java javascript js typescript ts go rust scala kotlin swift dot ojs scss sass php d fsharp "
             .. "stan groovy dart zig"):gmatch("%S+") do COMMENTS[name] = SLASHES end

--- Code that shows cells and inline expressions has their language in doubled braces.
local function without_braces(text) return (text:gsub("^(`*){({+[^<}]+}+)}", "%1%2")) end

local function literal(text) return (text:gsub("%p", "%%%0")) end

--- Take marks such as `# <1>` from the ends of lines; gives {line = note, ...}.
local function take_marks(el)
  local comment = COMMENTS[el.classes[1] or ""] or {"#"}
  local pattern = "%s*" .. literal(comment[1]) .. "%s*<(%d+)>%s*" .. literal(comment[2] or "") .. "%s*$"
  local marks, lines, number = {}, pandoc.List {}, 0
  for line in (el.text .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local bare, found = line:gsub(pattern, function(note) marks[number] = note; return "" end)
    lines:insert(found > 0 and bare or line)
  end
  el.text = table.concat(lines, "\n")
  return marks
end

--- Marks of notes leave the code, and a list right below it becomes the notes.
local function annotate(blocks)
  if not has("<1>") or page.given.annotations == "false" then return blocks end
  return blocks:walk {Blocks = function(list)
    local out = pandoc.Blocks {}
    for _, block in ipairs(list) do
      local last = out[#out]
      local cell = last and last.t == "Div" and last.classes:includes("cell")
      local code, place = last and last.t == "CodeBlock" and last, nil
      if cell then code, place = last.content:find_if(function(inner) return inner.t == "CodeBlock" end) end
      if block.t == "OrderedList" and code and code.attributes.notes then
        local notes, all = {}, nil
        for number, item in ipairs(block.content) do
          notes[number] = {{pandoc.Str(tostring(block.start + number - 1))}, {item}}
        end
        if page.given.annotations == "none" then goto next end
        code.attributes.noted = "1"
        all = pandoc.Div({pandoc.DefinitionList(notes)}, {class = "code-annotations"})
        if cell then
          last.content[place] = code
          last.content:insert(place + 1, all)
          out[#out] = last
        else
          out[#out] = code
          out:insert(all)
        end
      else
        out:insert(block)
      end
      ::next::
    end
    return out
  end}
end

--- Marks become an attribute of their block, so that they leave the code whether there is a list below or not.
local function mark_code(blocks)
  if not has("<1>") or page.given.annotations == "false" then return blocks end
  return blocks:walk {CodeBlock = function(el)
    local marks = take_marks(el)
    if not next(marks) then return nil end
    local text = pandoc.List {}
    for line, note in pairs(marks) do text:insert(("%d:%s"):format(line, note)) end
    text:sort(function(a, b) return tonumber(a:match("%d+")) < tonumber(b:match("%d+")) end)
    el.attributes.notes = table.concat(text, " ")
    return el
  end}
end

--- A block of code with the numbers of its notes before their lines, each at its first line; as no part of the code
--- where Quarto shows the notes at a pointer.
local function write_noted(el)
  local notes, seen, below = {}, {}, page.given.annotations == "" or page.given.annotations == "below"
  for line, note in el.attributes.notes:gmatch("(%d+):(%d+)") do
    if not seen[note] then notes[line] = note end
    seen[note] = true
  end
  page.annotated = page.annotated + 1
  el.identifier = "annotated-cell-" .. page.annotated
  el.attributes.notes, el.attributes.noted = nil, nil
  if #el.classes == 0 then el.classes:insert("default") end
  local text = page.html {el}
  return raw((text:gsub('<span id="annotated%-cell%-%d+%-(%d+)">', function(line)
    local number = notes[line] and (below and ">" .. notes[line] or ' data-note="' .. notes[line] .. '">') .. "</span>"
    return (number and '<span class="code-annotation-anchor"' .. number or "") .. '<span id="' .. el.identifier .. "-"
           .. line .. '">'
  end)))
end

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
    el.attributes["filename"], el.attributes["data-filename"] = nil, name
  end
  local overflow = el.attributes["code-overflow"] or page.given.overflow
  if overflow == "wrap" and #el.classes > 0 then el.classes:insert("code-overflow-wrap") end
  el.attributes["code-overflow"] = nil
  el.attributes["code-fold"], el.attributes["code-summary"] = nil, nil
  local lines, id, caption = el.attributes["code-line-numbers"], el.identifier, el.attributes["lst-cap"]
  if (lines or page.given.lines and #el.classes > 0 and "true" or "false") ~= "false" then
    el.classes:insert("number-lines")
  end
  el.attributes["code-line-numbers"], el.attributes["lst-cap"] = nil, nil
  local listing = caption and page.kind_of(id) == "lst" and id
  if listing then el.identifier = "" end
  local noted = el.attributes.noted and write_noted(el)
  el.attributes.notes = nil
  local all = before .. {noted or el} .. after
  if listing then return floats.number_float(listing, all, inlines(caption), {"listing"}) end
  return all
end

return {without_braces = without_braces, mark_code = mark_code, annotate = annotate, convert_code = convert_code}
