-- Figures, tables and listings with their numbers: from pictures, divs and tables.

local page, layout = require "page", require "layout"

local floats = {}  -- `convert_cell` is added by cells.lua
local List, stringify = pandoc.List, pandoc.utils.stringify
local has, raw, inlines, is_float, kind_of = page.has, page.raw, page.inlines, page.is_float, page.kind_of
local refuse, next_number, note_label = page.refuse, page.next_number, page.note_label

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
  local aligned = image.classes:find_if(function(class) return class:match("^quarto%-figure%-") end)
  if not aligned then image.attributes["fig-align"] = image.attributes["fig-align"] or page.align end
  if #image.caption > 0 and stringify(image.caption) ~= stringify(caption) then
    image.attributes["aria-label"] = stringify(image.caption)  -- an explicit alt=: Quarto drops it here
  end
  image.caption = {}
  return set_alternative(image, alt)
end

local parent  -- the float whose parts are being numbered, and how many it has by now
local convert_parts

--- Whether the caption stands above what it describes.
function floats.is_caption_first(kind, attributes)
  local key = kind .. "-cap-location"
  local said = attributes[key] or attributes["cap-location"] or page.given.captions[key]
  attributes[key], attributes["cap-location"] = nil, nil
  if said then return said == "top" end
  return kind == "tbl" or kind == "lst"
end

--- Where attributes set the caption, which leaves them.
function floats.take_location(attributes)
  local key = "fig-cap-location"
  if not attributes[key] then key = "tbl-cap-location" end
  local found = {[key] = attributes[key]}
  attributes[key] = nil
  return found
end

--- A figure, table or listing with its number, or letter if it is a part of one: its caption below a figure, else above.
local function number_float(id, content, caption, classes, attributes)
  local kind = is_float(id) and kind_of(id) or "tbl"
  local above, number, text = parent, nil, nil
  if above then
    above.count = above.count + 1
    text = "(" .. string.char(96 + above.count) .. ")"
    number = above.number .. " " .. text
  else
    number = next_number(kind)
    text = page.name_of(kind) .. page.NBSP .. number
  end
  if is_float(id) then note_label(id, kind, number) end
  parent = {number = number, count = 0}
  content = convert_parts(pandoc.Blocks(content))
  parent = above
  attributes = attributes or {}
  content = layout.arrange(content, attributes):walk {
    traverse = "topdown",
    Link = function(link) return link, false end,
    Image = function(image) return bare_picture(image, image.caption) end,
  }
  text = pandoc.Inlines {pandoc.Str(text .. (#caption > 0 and not above and ":" or ""))}
  if #caption > 0 then
    text:insert(pandoc.Space())
    text:extend(caption)
  end
  local figcaption = {raw("<figcaption>"), pandoc.Plain(text), raw("</figcaption>")}
  local blocks = pandoc.Blocks {raw("<figure>")}
  local first = floats.is_caption_first(kind, attributes)
  if first then blocks:extend(figcaption) end
  blocks:extend(content)
  if not first then blocks:extend(figcaption) end
  blocks:insert(raw("</figure>"))
  local all = List {"quarto-float", "quarto-float-" .. kind}
  all:extend(classes or {})
  return pandoc.Div(blocks, pandoc.Attr(id, all, attributes))
end

--- A table written as HTML that has an id and a caption, as those of pandas: what stands before, its parts and the
--- rest; nil for others, and for those that ask to be left alone.
local function read_raw_table(el)
  if el.format ~= "html" or not el.text:find("<caption", 1, true) then return nil end
  local before, open, inner, rest = el.text:match("^(.-)(<table[^>]*>)%s*(.-)(</table>.*)$")
  if not open or open:find("data-quarto-disable-processing", 1, true) then return nil end
  local id, caption, body = open:match('%sid="([^"]*)"'), inner:match("^<caption[^>]*>(.-)</caption>(.*)$")
  if not id or not caption then return nil end
  open = open:gsub('%sid="[^"]*"', "", 1)
  return {id = id, before = before, body = open .. body .. rest,
          caption = pandoc.utils.blocks_to_inlines(pandoc.read(caption, "html").blocks)}
end

local function convert_raw_table(el)
  local found = read_raw_table(el)
  if not found then return nil end
  return {raw(found.before), number_float(found.id, {raw(found.body)}, found.caption)}
end

local function take_raw_caption(blocks)
  local caption
  blocks = blocks:walk {RawBlock = function(el)
    local found = not caption and read_raw_table(el)
    if found then
      caption = found.caption
      return raw(found.before .. found.body:gsub("<table", '<table id="' .. found.id .. '"', 1))
    end
  end}
  return blocks, caption
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
  if not caption then blocks, caption = take_raw_caption(blocks) end
  return blocks, caption or pandoc.Inlines {}
end

local function convert_float(el)
  local content, last, caption = el.content, el.content[#el.content], nil
  local key = kind_of(el.identifier) .. "-cap"
  if #content > 1 and last.t == "Para" then
    if #last.content == 1 and last.content[1].t == "Image" then
      page.notes:insert {find = "#" .. el.identifier, what = "the last paragraph of “" .. el.identifier
        .. "” is a picture, which stands where its caption would, as with Quarto; write the caption below it"}
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
  local sides = floats.take_location(image.attributes)
  if is_float(id) then return number_float(id, {shown}, caption, image.classes, sides) end
  local first = floats.is_caption_first("fig", sides)
  return pandoc.Figure({shown}, {long = {pandoc.Plain(caption)}}, pandoc.Attr(id, first and {"caption-first"} or {}))
end

local function convert_figure(el)
  local caption = pandoc.utils.blocks_to_inlines(el.caption.long)
  el.content = el.content:walk {Image = function(image)
    if is_float(el.identifier) then el.classes:extend(image.classes) end
    for key, value in pairs(floats.take_location(image.attributes)) do el.attributes[key] = value end
    return bare_picture(image, caption)
  end}
  if is_float(el.identifier) then return number_float(el.identifier, el.content, caption, el.classes, el.attributes) end
  if floats.is_caption_first("fig", el.attributes) then el.classes:insert("caption-first") end
  return el
end

--- The blocks, each table in them with these widths of its columns if it has none of its own.
local function give_widths(blocks, widths)
  return blocks:walk {Table = function(el)
    el.attributes["tbl-colwidths"] = el.attributes["tbl-colwidths"] or widths
    return el
  end}
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
  local whole = 0  -- of tables drawn with lines, Pandoc keeps the width in letters; they fill the page, as with Quarto
  for _, spec in ipairs(el.colspecs) do whole = spec[2] and whole and whole + spec[2] end
  if whole and whole > 0 and whole < 1 then
    for i, spec in ipairs(el.colspecs) do el.colspecs[i] = {spec[1], spec[2] / whole * (1 + 1e-9)} end
  end
  local id = el.identifier
  if not is_float(id) then
    if not floats.is_caption_first("tbl", el.attributes) and #el.caption.long > 0 then el.classes:insert("caption-last") end
    return el
  end
  local caption = pandoc.utils.blocks_to_inlines(el.caption.long)
  el.identifier, el.caption = "", {}
  local classes = el.classes
  el.classes = {}
  return number_float(id, {el}, caption, classes, floats.take_location(el.attributes))
end

--- The parts of a float: whatever in it has a label and could be one itself.
function convert_parts(blocks)
  return blocks:walk {
    traverse = "topdown",
    Div = function(el)
      if is_float(el.identifier) and not el.classes:includes("quarto-float") then return convert_float(el), false end
      if is_float(el.attributes.label or "") then return floats.convert_cell(el), false end
    end,
    Figure = function(el) if is_float(el.identifier) then return convert_figure(el), false end end,
    Table = function(el) if is_float(el.identifier) then return convert_table(el), false end end,
    RawBlock = convert_raw_table,
    Para = function(el)
      local pictures = layout.pictures_of(el)
      if not pictures:find_if(function(picture) return is_float(picture.identifier) end) then return nil end
      return pandoc.Blocks(pictures:map(function(picture)
        local para = pandoc.Para {picture}
        return convert_picture(para) or para
      end)), false
    end,
  }
end

--- The blocks, their pictures within links where `fig-link` gives one, or where readers may enlarge them.
local function link_pictures(blocks)
  if not has("lightbox") and not has("fig-link") and not page.given.lightbox then return blocks end
  return blocks:walk {traverse = "topdown", Link = function(el) return el, false end, Image = function(el)
    local target = el.attributes["fig-link"]
    el.attributes["fig-link"] = nil
    if target then return pandoc.Link({el}, target), false end
    if el.classes:includes("lightbox") or page.given.lightbox and not el.classes:includes("nolightbox") then
      return pandoc.Link({el}, el.src, "", {class = "lightbox", ["aria-label"] = "Open the picture"}), false
    end
    return el
  end}
end

floats.link_pictures = link_pictures
floats.set_alternative, floats.number_float, floats.take_caption = set_alternative, number_float, take_caption
floats.convert_float, floats.convert_picture, floats.convert_figure = convert_float, convert_picture, convert_figure
floats.give_widths, floats.convert_table, floats.convert_raw_table = give_widths, convert_table, convert_raw_table
return floats
