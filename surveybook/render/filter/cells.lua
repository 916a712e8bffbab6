-- What cells show: figures and tables with their numbers, parts side by side, captions.

local page, floats, layout = require "page", require "floats", require "layout"

local raw, inlines, is_float, kind_of = page.raw, page.inlines, page.is_float, page.kind_of

--- What a cell shows as the parts of its figure or table, each with its caption.
local function take_parts(id, kind, shown, given)
  local captions = given:match("^%s*%[") and pandoc.json.decode(given, false) or {}
  local parts = pandoc.Blocks {}
  if given ~= "true" and #captions ~= #shown then
    page.refuse(id, "the cell “" .. id .. "” shows " .. #shown .. " things, and has " .. #captions .. " captions for parts",
                "give as many under " .. kind .. "-subcap as it shows")
  end
  for number, block in ipairs(shown) do
    block.identifier = ""
    local content = floats.take_caption({block})
    parts:insert(pandoc.Div(content, pandoc.Attr(id .. "-" .. number, {}, {[kind .. "-cap"] = captions[number] or ""})))
  end
  return parts
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
    local displayed = #shown > 0
    if not displayed then shown, rest = rest, pandoc.Blocks {} end
    local caption = options[kind .. "-cap"] and inlines(options[kind .. "-cap"])
    if not caption then shown, caption = floats.take_caption(shown) end
    if options["fig-alt"] then  -- Quarto drops it for a picture that the cell wrote as Markdown: never as alt
      shown = shown:walk {Image = function(image)
        if not image.attributes["fig-alt"] then image.attributes["aria-label"] = options["fig-alt"] end
        return image
      end}
    end
    local align, widths = options["fig-align"] or kind == "fig" and page.align, options["tbl-colwidths"]
    if widths then shown = floats.give_widths(shown, widths) end
    if displayed and options[kind .. "-subcap"] then shown = take_parts(id, kind, shown, options[kind .. "-subcap"]) end
    local sides = {}
    for key in pairs(options) do if key:match("^layout") or key:match("cap%-location$") then sides[key] = options[key] end end
    rest:insert(floats.number_float(id, shown, caption, align and {"quarto-figure-" .. align}, sides))
    el.identifier, el.content = "cell-" .. id, rest
  else
    el.identifier = id
    if layout.is_asked(options) then
      local code, outputs = pandoc.Blocks {}, pandoc.Blocks {}
      for _, block in ipairs(el.content) do (block.t == "Div" and outputs or code):insert(block) end
      code:insert(pandoc.Div(layout.arrange(outputs, options), {class = "quarto-layout-panel"}))
      el.content = code
    end
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

floats.convert_cell = convert_cell  -- for cells within a figure
return {convert_cell = convert_cell}
