-- Callouts and tabs.

local page = require "page"

local List = pandoc.List
local raw, tag, inlines, is_float, kind_of = page.raw, page.tag, page.inlines, page.is_float, page.kind_of
local refuse, next_number, note_label = page.refuse, page.next_number, page.note_label

local function convert_callout(el, name)
  local title, options, id = pandoc.Inlines {}, el.attributes, el.identifier
  local attributes = List {{"role", "note"}}  -- pairs: a table has no order
  for key, value in pairs(options) do
    if key:find("-", 1, true) or List {"style", "lang", "dir"}:includes(key) then
      attributes:insert {key, value}
    elseif not List {"title", "collapse", "appearance", "icon"}:includes(key) then
      refuse(key, "a callout has no attribute “" .. key .. "”", "use title, collapse, appearance or icon")
    end
  end
  if (options.title or "") ~= "" then
    title = inlines(options.title)
  elseif el.content[1] and el.content[1].t == "Header" then
    title = el.content[1].content
    el.content:remove(1)
  end
  options.appearance = options.appearance or page.given.appearance
  options.icon = options.icon or page.given.icon
  local style = options.appearance == "default" and "default" or "simple"
  local kind, spoken = kind_of(id), nil
  if page.NAMES[kind] and not is_float(id) and kind ~= "eq" then
    local number = next_number(kind)
    note_label(id, kind, number)
    local front = pandoc.Inlines {pandoc.Str(page.CALLOUTS[name] .. page.NBSP .. number .. (#title > 0 and ":" or ""))}
    if #title > 0 then front:insert(pandoc.Space()) end
    title = front .. title
  elseif #title == 0 and style == "default" then
    title = pandoc.Inlines {pandoc.Str(page.CALLOUTS[name])}
  elseif #title > 0 then
    spoken = '<span class="screen-reader-only">' .. page.CALLOUTS[name] .. ": </span>"
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
  return pandoc.Div(blocks, pandoc.Attr(id, classes, attributes))
end

local function convert_tabset(el)
  local level, panes, tabs = nil, List {}, pandoc.Inlines {}
  page.tabsets = page.tabsets + 1
  for _, block in ipairs(el.content) do
    level = level or block.t == "Header" and block.level or nil
    if block.t == "Header" and block.level == level then
      local id = "tabset-" .. page.tabsets .. "-" .. #panes + 1
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

return {convert_callout = convert_callout, convert_tabset = convert_tabset}
