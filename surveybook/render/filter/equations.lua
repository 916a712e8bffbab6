-- Equations with their numbers.

local page = require "page"

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
      local number = page.next_number("eq")
      page.note_label(id, "eq", number)
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

return {number_equations = number_equations}
