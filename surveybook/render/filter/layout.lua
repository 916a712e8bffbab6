-- What stands side by side: the blocks of a div, or the parts of a figure, in rows.

local page = require "page"

local KEYS = {"layout-ncol", "layout-nrow", "layout", "layout-align", "layout-valign"}
local ALONG = {left = "flex-start", center = "center", right = "flex-end", default = "flex-start"}
local ACROSS = {top = "flex-start", center = "center", bottom = "flex-end", default = "flex-start"}

local function is_asked(attributes)
  return attributes["layout-ncol"] or attributes["layout-nrow"] or attributes["layout"]
end

--- The pictures of a paragraph that holds nothing else.
local function pictures_of(block)
  local found = pandoc.List {}
  if block.t ~= "Para" then return found end
  for _, part in ipairs(block.content) do
    if part.t == "Image" then found:insert(part)
    elseif part.t ~= "SoftBreak" and part.t ~= "Space" and part.t ~= "LineBreak" then return pandoc.List {} end
  end
  return found
end

--- What each cell holds: a block, a picture of several in a paragraph, or a heading with all up to the next one.
local function cells_of(blocks)
  local cells, level = pandoc.List {}, nil
  for _, block in ipairs(blocks) do
    local pictures = pictures_of(block)
    if block.t == "Header" and (not level or block.level <= level) then
      level = block.level
      cells:insert(pandoc.Blocks {block})
    elseif level then
      cells[#cells]:insert(block)
    elseif #pictures > 1 then
      for _, picture in ipairs(pictures) do
        local id = picture.identifier
        local shown = pandoc.Para {picture}
        if #picture.caption > 0 and not page.is_float(id) then
          shown = pandoc.Figure({pandoc.Plain {picture}}, {long = {pandoc.Plain(picture.caption)}}, pandoc.Attr(id))
          picture.identifier = ""
        end
        cells:insert(pandoc.Blocks {shown})
      end
    else
      cells:insert(pandoc.Blocks {block})
    end
  end
  return cells
end

--- The widths of the cells of each row, in per cent; a negative one is a space.
local function rows_of(attributes, count)
  local rows, columns = pandoc.List {}, tonumber(attributes["layout-ncol"])
  local deep = tonumber(attributes["layout-nrow"])
  if attributes["layout"] then
    local text = attributes["layout"]
    if not text:find("%[%s*%[") then text = "[" .. text .. "]" end
    for row in text:sub(2):gmatch("%[([^%[%]]*)%]") do
      local widths, sum = pandoc.List {}, 0
      for number in row:gmatch("[^,%s]+") do
        local width = tonumber((number:gsub("[\"'%%]", "")))
        if not width then
          page.refuse("layout", "the layout “" .. attributes["layout"] .. "” holds “" .. number .. "”, which is no number",
                      "write widths as numbers, such as layout=\"[[40, -20, 40], [100]]\"")
          width = 1
        end
        widths:insert(width)
        sum = sum + math.abs(width)
      end
      rows:insert(widths:map(function(width) return 100 * width / math.max(sum, 1e-9) end))
    end
    return rows
  end
  columns = columns or deep and math.ceil(count / math.max(deep, 1)) or 1
  columns = math.max(1, math.floor(columns))
  for _ = 1, math.ceil(count / columns) do
    rows:insert(pandoc.List {})
    for _ = 1, columns do rows[#rows]:insert(100 / columns) end
  end
  return rows
end

--- The blocks in rows, as `attributes` ask for it, which lose what says so; the blocks as they are if nothing does.
local function arrange(blocks, attributes)
  if not is_asked(attributes) then return blocks end
  local cells = cells_of(blocks)
  local out, place = pandoc.Blocks {}, 1
  local along, across = ALONG[attributes["layout-align"]], ACROSS[attributes["layout-valign"]]
  for _, widths in ipairs(rows_of(attributes, #cells)) do
    local row = pandoc.Blocks {}
    for _, width in ipairs(widths) do
      local spacer = width < 0
      if spacer or cells[place] then
        local tables = not spacer and cells[place]:find_if(function(block)
          return block.t == "Table" or block.t == "Div" and block.classes:includes("quarto-float-tbl")
        end)
        local style = ("flex-basis: %.1f%%;justify-content: %s;"):format(math.abs(width), along or tables and "center"
                      or "flex-start") .. (across and "align-items: " .. across .. ";" or "")
        local content = spacer and {pandoc.Para {pandoc.Str(page.NBSP)}} or cells[place]
        row:insert(pandoc.Div(content, {class = "quarto-layout-cell", style = style}))
        if not spacer then place = place + 1 end
      end
    end
    if #row > 0 then out:insert(pandoc.Div(row, {class = "quarto-layout-row"})) end
  end
  for left = place, #cells do out:extend(cells[left]) end
  for _, key in ipairs(KEYS) do attributes[key] = nil end
  return out
end

--- A div whose blocks stand side by side.
local function convert_panel(el)
  el.content = arrange(el.content, el.attributes)
  el.classes:insert("quarto-layout-panel")
  return el
end

return {is_asked = is_asked, pictures_of = pictures_of, arrange = arrange, convert_panel = convert_panel}
