-- What stands beside the text: spans leave their paragraph and follow it, as Quarto sets them.

local page = require "page"

local function is_beside(el)
  return el.classes:includes("aside") or el.classes:includes("column-margin")
end

--- A paragraph, and what of it stands beside the text.
local function convert_paragraph(para)
  local beside = pandoc.Blocks {}
  para.content = para.content:walk {Span = function(el)
    if is_beside(el) then
      beside:insert(pandoc.Div({pandoc.Plain(el.content)}, {class = "column-margin"}))
      return {}
    end
  end}
  if #beside > 0 then return pandoc.Blocks {para} .. beside end
end

--- The blocks with their notes for the margin in blocks of their own.
local function set_beside(blocks)
  if not page.has(".aside") and not page.has(".column-margin") then return blocks end
  return blocks:walk {Para = convert_paragraph}
end

return {set_beside = set_beside}
