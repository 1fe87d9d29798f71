extension Screen {
  /// Draws a frame just inside `rect`, with a title in its top line, and gives back the room inside.
  ///
  /// With the focus the frame and the title are brighter and the title stands in brackets, so that
  /// it shows without colour too. Less than 2 × 2 cells draw nothing and leave no room.
  @discardableResult
  public mutating func box(
    _ rect: Rect, title: String = "", focused: Bool = false, look: Look
  ) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else { return rect.inset(1) }
    let style = look[focused ? .borderFocused : .border]
    let lines = look.glyphs.frame
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    for x in (rect.x + 1)..<right {
      put(lines.horizontal, x: x, y: rect.y, style: style)
      put(lines.horizontal, x: x, y: bottom, style: style)
    }
    for y in (rect.y + 1)..<bottom {
      put(lines.vertical, x: rect.x, y: y, style: style)
      put(lines.vertical, x: right, y: y, style: style)
    }
    put(lines.topLeft, x: rect.x, y: rect.y, style: style)
    put(lines.topRight, x: right, y: rect.y, style: style)
    put(lines.bottomLeft, x: rect.x, y: bottom, style: style)
    put(lines.bottomRight, x: right, y: bottom, style: style)
    if !title.isEmpty, rect.width > 4 {
      let shown = focused ? "[\(title)]" : " \(title) "
      put(
        shown, in: Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1),
        style: look[focused ? .titleFocused : .title], ellipsis: look.glyphs.ellipsis)
    }
    return rect.inset(1)
  }
}
