-- Tables that are written as lists: an item for each row, and in it one for each cell.

local page = require "page"

local ALIGNED = {l = "AlignLeft", r = "AlignRight", c = "AlignCenter", d = "AlignDefault"}

--- The cells of a row; an empty span that a cell begins with says how many columns and rows it takes.
local function read_row(item)
  local cells = pandoc.List {}
  for _, content in ipairs(item[1].content) do
    local first = content[1] and (content[1].t == "Plain" or content[1].t == "Para") and content[1].content[1]
    local given = first and first.t == "Span" and #first.content == 0 and first.attributes
    if given then
      content[1].content:remove(1)
      if content[1].content[1] and content[1].content[1].t == "Space" then content[1].content:remove(1) end
    end
    given = given or {}
    cells:insert(pandoc.Cell(content, ALIGNED[given.align] or "AlignDefault", tonumber(given.rowspan) or 1,
                             tonumber(given.colspan) or 1))
  end
  return pandoc.Row(cells)
end

--- The table that a div is; the div, which is refused, if what it holds is no list of lists.
local function read_table(el)
  local list, caption = el.content[#el.content], pandoc.Blocks {}
  local rows = list and list.t == "BulletList" and list.content or pandoc.List {}
  local well = #rows > 0 and #el.content <= 2 and not rows:find_if(function(item)
    return #item ~= 1 or item[1].t ~= "BulletList"
  end)
  if not well then
    page.refuse(pandoc.utils.stringify(el):match("%S+") or "list-table", "the table is no list of rows that are lists of cells",
                "write each row as an item, and its cells as items in that, with at most a caption above")
    return nil
  end
  if #el.content == 2 then caption = pandoc.Blocks {el.content[1]} end
  rows = rows:map(read_row)
  local heads, attributes = tonumber(el.attributes["header-rows"]) or 1, el.attributes
  local columns = 0
  for _, cell in ipairs(rows[1].cells) do columns = columns + cell.col_span end
  local aligns, widths, sum, specs = pandoc.List {}, pandoc.List {}, 0, {}
  for name in (attributes.aligns or ""):gmatch("%a") do aligns:insert(ALIGNED[name]) end
  for number in (attributes.widths or ""):gmatch("[%d.]+") do
    widths:insert(tonumber(number))
    sum = sum + tonumber(number)
  end
  for i = 1, columns do specs[i] = {aligns[i] or "AlignDefault", widths[i] and widths[i] / math.max(sum, 1e-9)} end
  local head, body = pandoc.List {}, pandoc.List {}
  for i, row in ipairs(rows) do (i <= heads and head or body):insert(row) end
  local parts = {{attr = pandoc.Attr(), body = body, head = {}, row_head_columns = tonumber(attributes["header-cols"]) or 0}}
  for _, key in ipairs {"header-rows", "header-cols", "aligns", "widths"} do attributes[key] = nil end
  el.classes = el.classes:filter(function(class) return class ~= "list-table" end)
  return pandoc.Table({long = caption}, specs, pandoc.TableHead(head), parts, pandoc.TableFoot(), el.attr)
end

local function read_lists(blocks)
  if not page.has("list-table") then return blocks end
  return blocks:walk {Div = function(el) if el.classes:includes("list-table") then return read_table(el) end end}
end

return {read_lists = read_lists}
