extension CIFAR100 {
  /// The eight semantic clusters of the paper (§4 and its appendix).
  public static let paperClusters: [ClassGroup] = [
    ClassGroup(
      name: "aquatic",
      classes: [
        "aquarium_fish", "dinosaur", "dolphin", "flatfish", "ray", "seal", "shark", "trout",
        "whale",
      ]),
    ClassGroup(
      name: "people-and-objects",
      classes: [
        "baby", "bed", "bicycle", "bottle", "bowl", "boy", "bridge", "can", "castle", "chair",
        "clock", "couch", "cup", "girl", "house", "keyboard", "lamp", "man", "plain", "plate",
        "road", "rocket", "skyscraper", "table", "telephone", "television", "wardrobe", "woman",
      ]),
    ClassGroup(
      name: "mammals",
      classes: [
        "bear", "beaver", "camel", "cattle", "chimpanzee", "elephant", "fox", "hamster", "kangaroo",
        "leopard", "lion", "mouse", "otter", "porcupine", "possum", "rabbit", "raccoon", "shrew",
        "skunk", "squirrel", "tiger", "wolf",
      ]),
    ClassGroup(
      name: "reptiles-and-insects",
      classes: [
        "bee", "beetle", "butterfly", "caterpillar", "cockroach", "crab", "crocodile", "lizard",
        "lobster", "mushroom", "snail", "snake", "spider", "turtle", "worm",
      ]),
    ClassGroup(
      name: "vehicles",
      classes: [
        "bus", "lawn_mower", "motorcycle", "pickup_truck", "streetcar", "tank", "tractor", "train",
      ]),
    ClassGroup(
      name: "natural-scenes",
      classes: [
        "cloud", "forest", "maple_tree", "mountain", "oak_tree", "palm_tree", "pine_tree", "sea",
        "willow_tree",
      ]),
    ClassGroup(
      name: "fruits",
      classes: [
        "apple", "orange", "pear", "sweet_pepper",
      ]),
    ClassGroup(
      name: "flowers",
      classes: [
        "orchid", "poppy", "rose", "sunflower", "tulip",
      ]),
  ]
}
