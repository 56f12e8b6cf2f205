// A WO3 film 60 nm thick, etched to a mesa with sloped walls, under an electrolyte. Lengths in nm.
// x from source to drain, y from the gate (0) to the substrate. Every triangle is acute: base b, height h > b/2.

b = 10;              // base of every triangle
h = 10;              // its height; the walls stand at atan(2 h / b) = 63 degrees
rows = 6;            // of triangles through the film, and through the electrolyte above it
width = 30 * b;      // of the gate, and of the foot of the mesa

lean = rows * b / 2; // what a wall moves outward over one layer
y1 = rows * h;
y2 = 2 * y1;

Point(1) = {0, 0, 0};                  Point(2) = {width, 0, 0};
Point(3) = {-lean, y1, 0};             Point(4) = {lean, y1, 0};
Point(5) = {width - lean, y1, 0};      Point(6) = {width + lean, y1, 0};
Point(7) = {-2 * lean, y2, 0};         Point(8) = {0, y2, 0};
Point(9) = {2 * lean, y2, 0};          Point(10) = {width - 2 * lean, y2, 0};
Point(11) = {width, y2, 0};            Point(12) = {width + 2 * lean, y2, 0};

Line(1) = {1, 2};
Line(2) = {3, 4};   Line(3) = {4, 5};    Line(4) = {5, 6};
Line(5) = {7, 8};   Line(6) = {8, 9};    Line(7) = {9, 10};  Line(8) = {10, 11};  Line(9) = {11, 12};
Line(11) = {1, 3};  Line(12) = {2, 5};   Line(13) = {2, 6};
Line(14) = {3, 7};  Line(15) = {4, 8};   Line(16) = {5, 10}; Line(17) = {5, 11};  Line(18) = {6, 12};

Transfinite Curve {1} = 30 + 1;
Transfinite Curve {3} = 30 - rows + 1;
Transfinite Curve {7} = 30 - 2 * rows + 1;
Transfinite Curve {2, 4, 5, 6, 8, 9, 11:18} = rows + 1;

// Parallelograms, cut along their short diagonal, and triangles between them.
Curve Loop(1) = {1, 12, -3, -2, -11};  Plane Surface(1) = {1};  // electrolyte above the film
Curve Loop(2) = {13, -4, -12};         Plane Surface(2) = {2};
Curve Loop(3) = {2, 15, -5, -14};      Plane Surface(3) = {3};  // beside it
Curve Loop(4) = {4, 18, -9, -17};      Plane Surface(4) = {4};
Curve Loop(5) = {3, 16, -7, -6, -15};  Plane Surface(5) = {5};  // the film
Curve Loop(6) = {17, -8, -16};         Plane Surface(6) = {6};
Transfinite Surface {1} = {1, 2, 5, 3} Right;
Transfinite Surface {3} = {3, 4, 8, 7} Right;
Transfinite Surface {4} = {5, 6, 12, 11} Left;
Transfinite Surface {5} = {4, 5, 10, 8} Right;
Transfinite Surface {2} = {2, 5, 6};
Transfinite Surface {6} = {5, 10, 11};
Mesh.TransfiniteTri = 1;

Physical Surface("electrolyte") = {1:4};
Physical Surface("channel") = {5, 6};
Physical Curve("gate") = {1};
Physical Curve("source") = {6};
Physical Curve("drain") = {8};
Physical Curve("electrolyte|channel") = {3, 15, 17};
