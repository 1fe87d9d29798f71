print("rtl")
