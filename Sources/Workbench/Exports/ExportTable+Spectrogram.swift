internal import Experiments

extension ExportTable {
  /// A record per time and frequency of a scene's spectrograms.
  func spectrogram(of scene: Int) -> [[String]] {
    let head = ["seconds", "hertz", "noisy_db", "clean_db", "enhanced_db"]
    guard let report = state.shown.spectrograms[scene] else { return [head] }
    let sounds = [report.noisy, report.clean, report.enhanced].map { $0.map { $0 } }
    return [head]
      + sounds[0].indices.map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: report.width)
        let time = report.seconds * (Double(column) + 0.5) / Double(report.width)
        let frequency = report.hertz * (Double(report.height - row) - 0.5) / Double(report.height)
        return [CSVField.figure(time), CSVField.figure(frequency)]
          + sounds.map { sound in
            let share = Double(sound[place]) / 255 - 1
            return CSVField.figure(share * Double(SpectrogramReport.decibels))
          }
      }
  }
}
