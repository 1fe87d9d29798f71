extension Screen {
  /// The screen as a picture in a look's colours.
  public func svg(in look: Look) -> String {
    let style = look[.text]
    let isLight = look.theme.isForLightBackgrounds
    return svg(
      foreground: style.foreground != .terminal
        ? style.foreground : isLight ? .rgb(0x20, 0x20, 0x20) : .rgb(0xD0, 0xD0, 0xD0),
      background: style.background != .terminal
        ? style.background : isLight ? .rgb(0xFF, 0xFF, 0xFF) : .rgb(0x12, 0x12, 0x12))
  }

  /// The screen as a picture: an SVG document with a text element per stretch of equal style, and paths
  /// for lines, blocks and dots.
  ///
  /// - Parameters:
  ///   - foreground: What stands for the terminal's own text colour.
  ///   - background: What stands for the terminal's own background.
  public func svg(
    foreground: Color = .rgb(0xD0, 0xD0, 0xD0), background: Color = .rgb(0x12, 0x12, 0x12)
  ) -> String {
    let (cellWidth, cellHeight) = (CellShapes.width, CellShapes.height)
    // The letters of most monospaced fonts are .6 of their size wide, which makes 8 pixels of 13.3.
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width * cellWidth)\" "
      + "height=\"\(height * cellHeight)\" font-family=\"monospace\" font-size=\"13.3\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"\(background.hexadecimal ?? "#000")\"/>\n"
    for y in 0..<height {
      for run in runs(row: y) {
        var text = run.style.foreground == .terminal ? foreground : run.style.foreground
        var behind = run.style.background == .terminal ? background : run.style.background
        if run.style.attributes.contains(.reverse) { swap(&text, &behind) }
        let x = run.column * cellWidth
        if behind != background, let fill = behind.hexadecimal {
          svg +=
            "<rect x=\"\(x)\" y=\"\(y * cellHeight)\" width=\"\(run.width * cellWidth)\" "
            + "height=\"\(cellHeight)\" fill=\"\(fill)\"/>\n"
        }
        if let fill = text.hexadecimal { svg += Self.markup(of: run, row: y, fill: fill) }
      }
    }
    return svg + "</svg>\n"
  }

  /// What is written and drawn in a run.
  private static func markup(of run: Run, row: Int, fill: String) -> String {
    var shapes = CellShapes()
    var svg = ""
    var piece = (column: run.column, width: 0, text: "")
    func endPiece(at column: Int) {
      if piece.text.contains(where: { $0 != " " }) {
        svg +=
          "<text xml:space=\"preserve\" x=\"\(piece.column * CellShapes.width)\" "
          + "y=\"\(row * CellShapes.height + 12)\" "
          + "textLength=\"\(piece.width * CellShapes.width)\" fill=\"\(fill)\""
          + markup(run.style.attributes) + ">\(escaped(piece.text))</text>\n"
      }
      piece = (column, 0, "")
    }
    var column = run.column
    for glyph in run.glyphs {
      // A sign that the font may lack comes from another one, with a width of its own.
      let isOrdinary = glyph.width == 1 && glyph.character < "\u{2000}"
      if !isOrdinary { endPiece(at: column) }
      if !shapes.add(
        glyph.character, x: column * CellShapes.width, y: row * CellShapes.height)
      {
        piece.text.append(glyph.character)
        piece.width += glyph.width
      }
      column += glyph.width
      if !isOrdinary { endPiece(at: column) }
    }
    endPiece(at: column)
    let opacity = run.style.attributes.contains(.dim) ? " opacity=\"0.6\"" : ""
    return shapes.markup(fill: fill, opacity: opacity) + svg
  }

  private typealias Run = (
    column: Int, width: Int, glyphs: [(character: Character, width: Int)], style: Style
  )

  /// The cells of a row, neighbours that look alike taken together.
  private func runs(row y: Int) -> [Run] {
    var runs: [Run] = []
    for x in 0..<width {
      let cell = self[x, y]
      guard cell.width > 0 else { continue }
      if let last = runs.indices.last, runs[last].style == cell.style {
        runs[last].glyphs.append((cell.character, Int(cell.width)))
        runs[last].width += Int(cell.width)
      } else {
        runs.append((x, Int(cell.width), [(cell.character, Int(cell.width))], cell.style))
      }
    }
    return runs
  }

  private static func markup(_ attributes: TextAttributes) -> String {
    var text = ""
    if attributes.contains(.bold) { text += " font-weight=\"bold\"" }
    if attributes.contains(.dim) { text += " opacity=\"0.6\"" }
    if attributes.contains(.underline) { text += " text-decoration=\"underline\"" }
    return text
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }
}

extension Color {
  /// `#rrggbb`; nil for the terminal's own colour.
  public var hexadecimal: String? {
    guard let parts = components else { return nil }
    return "#"
      + [parts.red, parts.green, parts.blue].map {
        ($0 < 16 ? "0" : "") + String($0, radix: 16)
      }.joined()
  }
}
