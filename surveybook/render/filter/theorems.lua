-- Theorems and what is like them, with their numbers, and proofs and remarks.

local page = require "page"

local KINDS = {thm = "", lem = "lemma", cor = "corollary", prp = "proposition", cnj = "conjecture", def = "definition",
               exm = "example", exr = "exercise"}
local PROOFS = {proof = "Proof", remark = "Remark", solution = "Solution"}
local OF_LABEL = {rem = "remark", sol = "solution"}

--- The kind of proof that a div is, if it is one.
local function proof_of(el)
  local labelled = el.identifier:match("^%a+%-.") and OF_LABEL[page.kind_of(el.identifier)]
  return labelled or el.classes:find_if(function(class) return PROOFS[class] end)
end

local function is_theorem(el)
  return el.identifier:match("^%a+%-.") and KINDS[page.kind_of(el.identifier)] or proof_of(el)
end

--- Its own name: in an attribute, or as a heading that it begins with.
local function take_name(el)
  local first, name = el.content[1], el.attributes.name
  el.attributes.name = nil
  if name then return page.inlines(name) end
  if first and first.t == "Header" then
    el.content:remove(1)
    return first.content
  end
end

local function convert_theorem(el)
  local kind, proof, name = page.kind_of(el.identifier), proof_of(el), take_name(el)
  local title = pandoc.Inlines {pandoc.Str(PROOFS[proof] or page.name_of(kind))}
  if page.THEOREMS[kind] and el.identifier:match("^%a+%-.") then
    local number = page.next_number(kind)
    page.note_label(el.identifier, kind, number)
    title = pandoc.Inlines {pandoc.Str(page.name_of(kind) .. " " .. number)}
  end
  local own = name and pandoc.Inlines {pandoc.Str(" (")} .. name .. {pandoc.Str(")")} or pandoc.Inlines {}
  local before
  if proof then
    before = pandoc.Inlines {pandoc.Emph(title)} .. own .. {pandoc.Str(". ")}
    before = pandoc.Inlines {pandoc.Span(before, {class = "proof-title"})}
    el.classes = el.classes:filter(function(class) return class ~= proof end)
    el.classes:insert("proof")
    if proof ~= "proof" then el.classes:insert(proof) end
  else
    before = pandoc.Inlines {pandoc.Span({pandoc.Strong(title .. own)}, {class = "theorem-title"}), pandoc.Space()}
    el.classes:insert("theorem")
    if KINDS[kind] ~= "" then el.classes:insert(KINDS[kind]) end
  end
  local first = el.content[1]
  if first and first.t == "Para" then
    first.content = before .. first.content
  else
    el.content:insert(1, pandoc.Para(before .. {pandoc.Str(page.NBSP)}))
  end
  return el
end

return {is_theorem = is_theorem, convert_theorem = convert_theorem}
