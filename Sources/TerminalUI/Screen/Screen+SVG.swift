extension Screen {
  /// The screen as a picture: an SVG document with a text element per run of equal style.
  ///
  /// - Parameters:
  ///   - foreground: What stands for the terminal's own text colour.
  ///   - background: What stands for the terminal's own background.
  public func svg(
    foreground: Color = .rgb(0xD0, 0xD0, 0xD0), background: Color = .rgb(0x12, 0x12, 0x12)
  ) -> String {
    let (cellWidth, cellHeight) = (8, 16)
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width * cellWidth)\" "
      + "height=\"\(height * cellHeight)\" font-family=\"monospace\" font-size=\"13\">\n"
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
        guard run.text.contains(where: { $0 != " " }), let fill = text.hexadecimal else { continue }
        svg +=
          "<text xml:space=\"preserve\" x=\"\(x)\" y=\"\(y * cellHeight + 12)\" "
          + "textLength=\"\(run.width * cellWidth)\" fill=\"\(fill)\""
          + Self.markup(run.style.attributes) + ">\(Self.escaped(run.text))</text>\n"
      }
    }
    return svg + "</svg>\n"
  }

  private typealias Run = (column: Int, width: Int, text: String, style: Style)

  /// The cells of a row, neighbours that look alike taken together.
  private func runs(row y: Int) -> [Run] {
    var runs: [Run] = []
    for x in 0..<width {
      let cell = self[x, y]
      guard cell.width > 0 else { continue }
      if let last = runs.indices.last, runs[last].style == cell.style {
        runs[last].text.append(cell.character)
        runs[last].width += Int(cell.width)
      } else {
        runs.append((x, Int(cell.width), String(cell.character), cell.style))
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
