-- What is refused in a text, as it is written or as it was made.

local page = require "page"

local List = pandoc.List
local has, kind_of, is_label, is_float = page.has, page.kind_of, page.is_label, page.is_float
local refuse, note_label = page.refuse, page.note_label

-- Classes and attributes by which Quarto would do something that this renderer does not.
local FOREIGN = {"^panel%-", "^quarto%-", "^hidden$", "^margin%-", "^callout", "^embed"}
local DONE = {["panel-tabset"] = true, ["margin-caption"] = true}
local FOREIGN_ATTRIBUTES = {"^output%-location$"}
local RAW = {html = 1, html4 = 1, html5 = 1, latex = 1, tex = 1, typst = 1, docx = 1, openxml = 1, epub = 1, markdown = 1}

local function matches(name, patterns)
  return List(patterns):find_if(function(pattern) return name:match(pattern) end)
end

--- An element that has something which is not done here: it is shown all the same, marked as such.
local function mark_undone(el)
  el.classes:insert("not-rendered")
  if el.t == "Div" then el.content:insert(1, pandoc.Para {pandoc.Strong {pandoc.Str("Not rendered here as it is meant")}}) end
  return el
end

local function check_names(el, what)
  local undone = false
  for _, class in ipairs(el.classes) do
    if matches(class, FOREIGN) and not page.CALLOUTS[class:match("^callout%-(.*)") or ""] and not DONE[class] then
      refuse(class, "the class ." .. class .. " of a " .. what .. " is not supported",
              "remove it, or write what it should show as ordinary text", true)
      undone = true
    end
  end
  for key, value in pairs(el.attributes) do
    if matches(key, FOREIGN_ATTRIBUTES) or key:match("cap%-location$") and value ~= "top" and value ~= "bottom" then
      refuse(key, "the attribute " .. key .. " of a " .. what .. " is not supported", "remove it", true)
      undone = true
    end
  end
  if undone then return mark_undone(el) end
end

--- Whether a text that looks like a mark stands there because a cell wrote its signs as entities (words/text.py), which
--- never mean anything; each that it wrote counts once.
local function is_data(text)
  local written = page.written
  if not written[text] then
    local entities = text:gsub("[\\`*_{}%[%]<>#|$@^~&:'\"]", function(sign) return "&#" .. sign:byte() .. ";" end)
    written[text] = select(2, page.given.markdown:gsub(entities:gsub("%p", "%%%0"), ""))
  end
  written[text] = written[text] - 1
  return written[text] >= 0
end

--- What is refused in the text as it is written, before anything is made of it.
local function checks_of_text()
  local checks = {
    traverse = "topdown",
    Div = function(el)
      local shown = check_names(el, "div")
      if kind_of(el.identifier) == "alg" then
        refuse(el.identifier, "algorithms (here “" .. el.identifier .. "”) are not done here, and stop Quarto itself",
               "give the div another id, or use a callout")
      end
      return shown
    end,
    Header = function(el) return check_names(el, "heading") end,
    Link = function(el) return check_names(el, "link") end,
    Span = function(el)
      local shown = check_names(el, "span")
      if el.classes:includes("finding") then return el, false end -- what it says is data, and never Markdown
      return shown
    end,
    Image = function(el) return check_names(el, "picture") end,
    CodeBlock = function(el) return check_names(el, "code block") end,
    Table = function(el) return check_names(el, "table") end,
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
        if is_data(":::") then return end
        refuse(el.text, "“:::” here neither opens nor closes a div", "give it a class, or remove it")
      end
    end
  end
  return checks
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

--- Labels that stand in the text because nothing took them.
local function check_labels(blocks)
  if not page.given.markdown:find("{#%a+%-") then return end
  -- a finding is in the words of the data, and no label whatever they look like
  local function pass(el) if el.classes:includes("finding") then return el, false end end
  blocks:walk {traverse = "topdown", Span = pass, Str = function(el)
    local id = el.text:match("^{#(%a+%-[^}]*)}?")
    if id and is_label(id) and not is_data("{#" .. id) then
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

return {checks_of_text = checks_of_text, check_pictures = check_pictures, check_labels = check_labels}
