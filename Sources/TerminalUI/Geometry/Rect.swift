/// A rectangle of cells; its width and height are never negative.
public struct Rect: Hashable, Sendable {
  /// The leftmost column.
  public let x: Int
  /// The topmost row.
  public let y: Int
  /// Columns, at least 0.
  public let width: Int
  /// Rows, at least 0.
  public let height: Int

  /// A rectangle with its top left corner at (`x`, `y`); a negative width or height becomes 0.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// A rectangle of `size` at `origin`.
  public init(origin: Point = .zero, size: Size) {
    self.init(x: origin.x, y: origin.y, width: size.width, height: size.height)
  }

  /// Nothing, at the top left.
  public static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  /// The top left corner.
  public var origin: Point { Point(x: x, y: y) }
  /// Width and height.
  public var size: Size { Size(width: width, height: height) }
  /// The first column to the right of it.
  public var maxX: Int { x + width }
  /// The first row below it.
  public var maxY: Int { y + height }
  /// Whether there is no cell in it.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether the cell at `point` belongs to it.
  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
  }

  /// Whether every cell of `other` belongs to it; an empty rectangle lies in every other.
  public func contains(_ other: Rect) -> Bool {
    other.isEmpty
      || (other.x >= x && other.maxX <= maxX && other.y >= y && other.maxY <= maxY)
  }

  /// The cells that both have; empty where there are none.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// The same rectangle without so many cells at each side; empty, never turned inside out.
  public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    let newLeft = min(max(0, left), width)
    let newTop = min(max(0, top), height)
    return Rect(
      x: x + newLeft, y: y + newTop, width: width - newLeft - max(0, right),
      height: height - newTop - max(0, bottom))
  }

  /// The same rectangle without `margin` cells on each of its four sides.
  public func inset(_ margin: Int) -> Rect {
    inset(left: margin, top: margin, right: margin, bottom: margin)
  }

  /// Row `index` of it, from 0 at the top, as a rectangle one cell high; empty where there is none.
  public func row(_ index: Int) -> Rect {
    guard index >= 0, index < height else { return Rect(x: x, y: y, width: 0, height: 0) }
    return Rect(x: x, y: y + index, width: width, height: 1)
  }

  /// A rectangle of at most `size`, in the middle of this one.
  public func centered(_ size: Size) -> Rect {
    let newWidth = min(size.width, width)
    let newHeight = min(size.height, height)
    return Rect(
      x: x + (width - newWidth) / 2, y: y + (height - newHeight) / 2, width: newWidth,
      height: newHeight)
  }
}
