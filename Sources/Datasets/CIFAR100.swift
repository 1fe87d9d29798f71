internal import Foundation

/// CIFAR-100 in its binary layout: records of a superclass byte, a class byte and 3,072 pixel bytes.
public enum CIFAR100 {

  /// Up to ten times the official training file.
  private static let layout = CIFARFile(
    labels: [
      .init(name: "superclass", classes: superclassNames.count),
      .init(name: "class", classes: standardNames.count),
    ], dataset: "CIFAR-100", recordLimit: 500_000)

  /// Loads a folder with `train.bin` and `test.bin`.
  /// - Parameters:
  ///   - trainSamples: how many training images to use, spread evenly over the classes; `nil` all.
  ///   - testSamples: the same for held-out images.
  /// - Throws: `DatasetError` for missing, short or corrupt files, and for a class that is in two
  ///   superclasses.
  public static func load(
    folder: String, trainSamples: Int? = nil, testSamples: Int? = nil
  ) throws -> ImageDataset {
    guard OrdinaryFile.isFolder(folder) else {
      throw DatasetError.missing(
        path: folder, expected: "a folder with CIFAR-100's train.bin and test.bin")
    }
    func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
    let names = try CIFARFile.names(path("fine_label_names.txt"), standard: standardNames)
    let groups = try CIFARFile.names(path("coarse_label_names.txt"), standard: superclassNames)
    let training = try layout.check(path("train.bin"))
    let heldOut = try layout.check(path("test.bin"))
    let superclass = try superclassOfEachClass(training, path("train.bin"))
    let train = LabeledImages.joined([training])
    let test = LabeledImages.joined([heldOut])
    return ImageDataset(
      name: "cifar100", classNames: names,
      superclasses: groups.indices.map { group in
        ClassGroup(
          name: groups[group],
          classes: names.indices.filter { superclass[$0] == UInt8(group) }.map { names[$0] })
      }.filter { !$0.classes.isEmpty },
      train: train, test: test
    ).limited(train: trainSamples, test: testSamples)
  }

  /// The superclass of each class, as the records say; `nil` for a class without records.
  private static func superclassOfEachClass(
    _ content: CIFARFile.Content, _ path: String
  ) throws -> [UInt8?] {
    var found = [UInt8?](repeating: nil, count: standardNames.count)
    for (record, (group, label)) in zip(content.values[0], content.values[1]).enumerated() {
      if let before = found[Int(label)], before != group {
        throw DatasetError.corrupt(
          path: path, byte: record * layout.recordBytes,
          found: "superclass \(group) for class \(label)",
          expected: "superclass \(before), as in the records before")
      }
      found[Int(label)] = group
    }
    return found
  }

  /// The official names, by label.
  static let standardNames = [
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
    "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
    "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup",
    "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house",
    "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man",
    "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid",
    "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy",
    "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal",
    "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar",
    "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor",
    "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman",
    "worm",
  ]

  private static let superclassNames = [
    "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables",
    "household_electrical_devices", "household_furniture", "insects", "large_carnivores",
    "large_man-made_outdoor_things", "large_natural_outdoor_scenes",
    "large_omnivores_and_herbivores", "medium_mammals", "non-insect_invertebrates", "people",
    "reptiles", "small_mammals", "trees", "vehicles_1", "vehicles_2",
  ]
}
