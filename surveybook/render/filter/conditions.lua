-- What stands on a page of this format alone, and what does not: .content-visible and .content-hidden.

local page = require "page"

local HERE = {["html"] = true, ["html4"] = true, ["html5"] = true, ["html:js"] = true}
local KNOWN = {"when-format", "unless-format", "when-meta", "unless-meta", "when-profile", "unless-profile"}

local function holds(kind, value)
  if kind == "format" then return HERE[value] or false end
  if kind == "meta" then return page.given.truths[value] or false end
  return false  -- no profile is active
end

--- Whether an element is to be shown; nil if it says nothing of that.
local function is_shown(el)
  local visible = el.classes:includes("content-visible")
  if not visible and not el.classes:includes("content-hidden") then return nil end
  local all = true
  for _, key in ipairs(KNOWN) do
    local value = el.attributes[key]
    if value then
      local how, kind = key:match("^(%a+)%-(%a+)$")
      all = all and holds(kind, value) == (how == "when")
    end
  end
  return all == visible
end

local function choose(el)
  local shown = is_shown(el)
  if shown == nil then return nil end
  if not shown then return {} end
  el.classes = el.classes:filter(function(class) return class ~= "content-visible" and class ~= "content-hidden" end)
  for _, key in ipairs(KNOWN) do el.attributes[key] = nil end
  if el.t == "Div" and el.identifier == "" and #el.classes == 0 and #el.attributes == 0 then return el.content end
  return el
end

--- The blocks without what is not for this page.
local function keep_visible(blocks)
  if not page.has("content-visible") and not page.has("content-hidden") then return blocks end
  return blocks:walk {Div = choose, Span = choose, CodeBlock = choose}
end

return {keep_visible = keep_visible}
