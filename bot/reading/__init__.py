"""Untrusted bytes, read in processes of their own: feeds, pages and pictures.

    reader.BytesReader what the rest of the program asks: feed, feed_links, page, jpeg, chart
    reader.InThread    reads in a thread of this process (commands of the shell, tests)
    workers.InWorker   reads in processes that are started when needed and ended when idle, with
                       limits of memory and time: a hostile feed can neither hold the loop up nor
                       take the program along

Reading libraries (libxml2, trafilatura, Pillow) are imported only where reading happens.
"""
