/// Something that draws itself into a rectangle of a screen, whatever its size, even 0 × 0.
public protocol Widget {
  /// Draws it; touches no cell outside `rect`.
  func render(into screen: inout Screen, in rect: Rect, look: Look)
}
