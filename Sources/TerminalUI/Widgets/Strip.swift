/// One row across the screen, filled with a role's background: header, footer, alarm.
public struct Strip: Widget, Sendable {
  /// What stands at the left; cut first when there is no room.
  public var left: [Span]
  /// What stands at the right.
  public var right: [Span]
  /// The look of the row.
  public var role: StyleRole

  /// A row with text at its left and right ends.
  public init(left: [Span], right: [Span] = [], role: StyleRole = .header) {
    self.left = left
    self.right = right
    self.role = role
  }

  /// Draws it into the first row of `rect`; the right part is left out where it would take more than
  /// half.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let row = rect.row(0)
    let base = look[role]
    screen.fill(row, style: base)
    let wanted = right.width
    let gap = wanted > 0 ? 1 : 0
    let fits = wanted + gap <= row.width && (wanted <= row.width / 2 || left.width + wanted + gap <= row.width)
    let room = fits ? row.inset(right: wanted + gap) : row
    screen.put(left, in: room, look: look, base: base)
    if fits {
      screen.put(
        right, in: Rect(x: row.maxX - wanted, y: row.y, width: wanted, height: 1), look: look,
        base: base)
    }
  }
}
