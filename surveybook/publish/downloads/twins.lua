-- A list of pages in HTML in, the same in Markdown of GitHub's kind out: run by `pandoc lua`, JSON on stdin and stdout.

local options = pandoc.WriterOptions {wrap_text = "none"}
local pages = pandoc.List(pandoc.json.decode(io.read("a"), false))
io.write(pandoc.json.encode(pages:map(function(html)
  return pandoc.write(pandoc.read(html, "html"), "gfm", options)
end)))
