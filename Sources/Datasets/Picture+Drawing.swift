extension Picture {
  /// How far two pictures of a size are from each other, per pixel: the root of the mean square over the
  /// channels, from black (the same) over red and yellow to white (a quarter of the range or more).
  public func distance(to other: Picture) -> Picture {
    precondition(
      width == other.width && height == other.height && channels == other.channels,
      "pictures of different sizes")
    var colors: [UInt8] = []
    colors.reserveCapacity(width * height * 3)
    for pixel in 0..<width * height {
      var sum = 0
      for value in pixel * channels..<(pixel + 1) * channels {
        let difference = Int(bytes[value]) - Int(other.bytes[value])
        sum += difference * difference
      }
      let share = (Double(sum) / Double(channels)).squareRoot() / 255 * 4
      for channel in 0..<3 {
        colors.append(UInt8(max(0, min(1, share * 3 - Double(channel))) * 255))
      }
    }
    return Picture(width: width, height: height, channels: 3, bytes: colors)
  }

  /// The picture with the borders of regions as lines of one pixel, dark on light and light on dark.
  public func withBorders(of map: RegionMap) -> Picture {
    precondition(width == map.width && height == map.height, "a map of another size")
    var bytes = bytes
    for pixel in 0..<width * height {
      let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
      let isBorder =
        (column + 1 < width && map.regions[pixel] != map.regions[pixel + 1])
        || (row + 1 < height && map.regions[pixel] != map.regions[pixel + width])
      guard isBorder else { continue }
      let values = pixel * channels..<(pixel + 1) * channels
      let isDark = values.reduce(0) { $0 + Int(self.bytes[$1]) } < 128 * channels
      for value in values { bytes[value] = isDark ? 255 : 0 }
    }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }
}
