/// A framed box in the middle, over what lies behind.
public struct Popup: Widget, Sendable {
  /// What stands in its top line.
  public var title: String
  /// Its size with the frame.
  public var size: Size
  /// What stands in its bottom line: the keys that work.
  public var footer: [Span]

  /// A box of `size`, frame included.
  public init(title: String, size: Size, footer: [Span] = []) {
    self.title = title
    self.size = size
    self.footer = footer
  }

  /// A box with room for so many columns and rows inside its frame and a column of air at each side.
  public init(title: String, contentSize: Size, footer: [Span] = []) {
    self.init(
      title: title, size: Size(width: contentSize.width + 4, height: contentSize.height + 2),
      footer: footer)
  }

  /// Where it lies, frame included.
  public func frame(in rect: Rect) -> Rect { rect.centered(size) }

  /// The room inside; without the frame where there isn't enough for one.
  public func content(in rect: Rect) -> Rect {
    let frame = frame(in: rect)
    guard hasFrame(frame) else { return frame }
    return frame.width >= 8
      ? frame.inset(left: 2, top: 1, right: 2, bottom: 1) : frame.inset(1)
  }

  /// Clears its place and draws the frame; the content is drawn after it, into ``content(in:)``.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let frame = frame(in: rect)
    screen.fill(frame, style: look[.popup])
    guard hasFrame(frame) else { return }
    screen.box(frame, title: title, focused: true, look: look)
    guard !footer.isEmpty, frame.width > 4 else { return }
    let bottom = Rect(x: frame.x + 2, y: frame.maxY - 1, width: frame.width - 4, height: 1)
    screen.put(footer, in: bottom, look: look, alignment: .right)
  }

  private func hasFrame(_ frame: Rect) -> Bool { frame.width >= 4 && frame.height >= 3 }
}
